"""The activity sentences of Chatwoot's locale files in English, Brazilian Portuguese and Spanish, as patterns.

`metrics/activity.py` derives changes of status and assignment from them. Chatwoot writes a sentence in English if the
account's locale file does not translate it.
"""

from __future__ import annotations

RESOLVED, OPENED, PENDING, SNOOZED = "resolved", "opened", "pending", "snoozed"
ASSIGNED, UNASSIGNED, TEAM_ASSIGNED, TEAM_UNASSIGNED = "assigned", "unassigned", "team_assigned", "team_unassigned"
AGENT_OR_TEAM_ASSIGNED = "agent_or_team_assigned"
MUTED, UNMUTED = "muted", "unmuted"

AGENT, BOT, SYSTEM, CONTACT = "agent", "bot", "system", "contact"

_CONVERSA = "^(?:A c|C)onversa "
_CONVERSACION = "^(?:La c|C)onversación (?:fue |ha sido )?"

# What each sentence reports. The first pattern that matches wins. Only the last patterns let a sentence begin with a
# name, so that a name cannot be taken for another sentence.
CHANGES = (
    (RESOLVED, r"^Conversation was (?:marked )?resolved (?:by|due to) "),
    (RESOLVED, _CONVERSA + r"foi (?:marcada como )?resolvida (?:por|pelo) "),
    # Chatwoot's Spanish leaves out what the conversation was marked as.
    (RESOLVED, _CONVERSACION + r"(?:marcada como resuelta|resuelta|marcada) por "),
    (OPENED, r"^Conversation was (?:reopened|marked open|opened) (?:by|automatically) "),
    (OPENED, r"^System reopened the conversation "),
    (OPENED, _CONVERSA + r"foi (?:reaberta|aberta|marcada como aberta) (?:por|pelo|automaticamente) "),
    (OPENED, r"^O sistema reabriu a conversa "),
    (OPENED, _CONVERSACION + r"(?:reabierta|abierta|marcada como abierta) (?:por|automáticamente) "),
    (OPENED, r"^El sistema reabrió la conversación "),
    (PENDING, r"^Conversation was marked as pending by "),
    (PENDING, _CONVERSA + r"foi marcada como pendente (?:por|pelo) "),
    (PENDING, _CONVERSACION + r"marcada como pendiente por "),
    (SNOOZED, r"^Conversation was snoozed by "),
    (SNOOZED, _CONVERSA + r"foi adiada (?:por|pelo) "),
    (SNOOZED, _CONVERSACION + r"(?:pospuesta|aplazada) por "),
    (UNASSIGNED, r"^Conversation unassigned by "),
    (UNASSIGNED, _CONVERSA + r"(?:foi )?desatribuída (?:por|pelo) "),
    (UNASSIGNED, _CONVERSACION + r"(?:no asignada|desasignada) por "),
    (TEAM_UNASSIGNED, r"^Unassigned from "),
    (TEAM_UNASSIGNED, r"^Desatribuído de "),
    (TEAM_UNASSIGNED, r"^Desasignado de "),
    (ASSIGNED, r"^Assigned to "),
    (ASSIGNED, r"^Atribuído a "),
    (ASSIGNED, r"^Asignado a "),
    (ASSIGNED, r" self-assigned this conversation$"),
    (ASSIGNED, r" atribuiu a si mesmo essa conversa$"),
    (ASSIGNED, r" auto-asignado a esta conversación$"),
    (MUTED, r" has muted the conversation$"),
    (MUTED, r" silenciou a conversa$"),
    (MUTED, r" ha silenciado la conversación$"),
    (UNMUTED, r" has unmuted the conversation$"),
    (UNMUTED, r" reativou a conversa$"),
    (UNMUTED, r" ha anulado el silenciado de la conversación$"),
)

# The name of an agent, from the sentences in which only an agent's name can be.
AGENT_NAMES = (
    r"^Assigned to (.*?) via .* by ",
    r"^Atribuído a (.*?) via .* por ",
    r"^Asignado a (.*?) via .* por ",
    r"^(.*) self-assigned this conversation$",
    r"^(.*) atribuiu a si mesmo essa conversa$",
    r"^(.*) auto-asignado a esta conversación$",
)
# The name of a team, from the sentences in which only a team's name can be.
TEAM_NAMES = (
    r"^Assigned to .*? via (.*) by ",
    r"^Atribuído a .*? via (.*) por ",
    r"^Asignado a .*? via (.*) por ",
    r"^Unassigned from (.*) by ",
    r"^Desatribuído de (.*) por ",
    r"^Desasignado de (.*) por ",
)
# The name of an agent or a team that was assigned, with or without the person who assigned.
AGENT_OR_TEAM_NAMES = (
    r"^Assigned to (.*) by ",
    r"^Atribuído a (.*) por ",
    r"^Asignado a (.*) por ",
    r"^(?:Assigned to|Atribuído a|Asignado a) (.*)$",
)
# The name of the person who changed something.
PERSON_NAMES = (
    r"^(?:Assigned to|Unassigned from) .* by (.*)$",
    r"^(?:Atribuído a|Desatribuído de|Asignado a|Desasignado de) .* por (.*)$",
    r"^Conversation (?:unassigned|was (?:marked resolved|marked as pending|reopened|snoozed)) by (.*)$",
    r"^Conversa (?:desatribuída|foi (?:marcada como resolvida|marcada como pendente|reaberta|adiada)) por (.*)$",
    _CONVERSACION + r"(?:no asignada|marcada(?: como pendiente)?|reabierta|pospuesta) por (.*)$",
)

# Who changed the status. The first pattern that matches wins; if none does, it was an agent.
ACTORS = (
    (SYSTEM, r" (?:by|pelo|por el) (?:system|sistema) "),
    (SYSTEM, r"^(?:System|O sistema|El sistema) "),
    (SYSTEM, r" (?:automatically|automaticamente|automáticamente) "),
    (SYSTEM, r" (?:by Automation System|p(?:or|elo) Sistema de (?:Automação|Automatización|automatización))$"),
    (BOT, r" (?:by|por) Captain(?:$|:| )"),
    (BOT, r" (?:due to inactivity|por inatividade|por inactividad)$"),
    (CONTACT, r"^Conversation was resolved by "),
    (CONTACT, r"^A conversa foi resolvida por "),
    (CONTACT, r"^(?:La c|C)onversación fue resuelta por "),
)

# Known sentences that report no change of status or assignment: labels and service level agreements, priority, issues,
# and messages that could not be sent.
OTHERS = (
    r" (?:added|removed|adicionou|removeu|agregó|añadió|eliminó) ",
    r" (?:set|changed|removed) the priority",
    r" (?:definiu|mudou|alterou|removeu) a prioridade",
    r" (?:estableció|cambió|eliminó) la prioridad",
    r"^Linear issue .* was (?:created|linked|unlinked) by ",
    r" not sent due to outgoing message restrictions$",
)
