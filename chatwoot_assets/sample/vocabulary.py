"""The names of people in the sample database and the texts they write, in Brazilian Portuguese.

Only words: which of them a message uses is decided in `messages.py`. Every phone number and address that is made from
them is in a range that reaches nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_NAMES = (
    "Ana", "Antônio", "Beatriz", "Bruno", "Caio", "Camila", "Carlos", "Cláudia", "Daniela", "Diego",
    "Eduardo", "Elaine", "Fabiana", "Felipe", "Fernanda", "Francisco", "Gabriel", "Giovana", "Gustavo",
    "Helena", "Heitor", "Igor", "Isabela", "João", "Jéssica", "Juliana", "Larissa", "Leandro", "Letícia",
    "Lucas", "Luíza", "Marcelo", "Márcia", "Mariana", "Mateus", "Natália", "Otávio", "Patrícia", "Paulo",
    "Priscila", "Rafael", "Raquel", "Renata", "Ricardo", "Rodrigo", "Sérgio", "Simone", "Sofia", "Tatiane",
    "Thiago", "Vanessa", "Vinícius", "Vitória", "Yasmin",
)  # fmt: skip

LAST_NAMES = (
    "Almeida", "Alves", "Araújo", "Azevedo", "Barbosa", "Barros", "Batista", "Braga", "Campos", "Cardoso",
    "Carvalho", "Castro", "Correia", "Costa", "Cunha", "da Silva", "de Oliveira", "de Souza", "Dias",
    "dos Santos", "Duarte", "Farias", "Fernandes", "Ferreira", "Fonseca", "Freitas", "Gomes", "Gonçalves",
    "Lima", "Lopes", "Machado", "Martins", "Melo", "Mendes", "Monteiro", "Moreira", "Nascimento", "Nogueira",
    "Nunes", "Pereira", "Pinto", "Ramos", "Ribeiro", "Rocha", "Rodrigues", "Sales", "Tavares", "Teixeira",
    "Vasconcelos", "Vieira",
)  # fmt: skip

CITIES = (
    "São Paulo",
    "Campinas",
    "Santos",
    "Rio de Janeiro",
    "Belo Horizonte",
    "Curitiba",
    "Recife",
    "Manaus",
)


@dataclass(frozen=True)
class Phrases:
    """The texts of one line of business: first messages, later ones, answers, notes and e-mail subjects."""

    openings: tuple[str, ...]
    follow_ups: tuple[str, ...]
    answers: tuple[str, ...]
    notes: tuple[str, ...]
    subjects: tuple[str, ...]


SHOP = Phrases(
    openings=(
        "Oi, boa tarde! Meu pedido ainda não chegou e o prazo era ontem.",
        "Olá! Vocês têm esse tênis no número 38?",
        "Comprei uma blusa e veio no tamanho errado 😕 Como faço para trocar?",
        "Bom dia, quanto fica o frete para o CEP 00000-000?",
        "Gente, o rastreio está parado há cinco dias. Alguém pode ver isso?",
        'Paguei por Pix e o pedido continua "aguardando pagamento".',
        "Oi! Esse produto volta ao estoque?",
        "Recebi o pacote aberto e falta um item.\nJá tirei fotos, posso mandar por aqui?",
        "Quero cancelar minha compra, por favor.",
        "Vocês têm loja física? Dá para retirar hoje?",
    ),
    follow_ups=(
        "Certo, e qual é o novo prazo?",
        "Já mandei o comprovante, recebeu?",
        "O código de rastreio não funciona no site dos Correios.",
        "Prefiro a troca, não o vale-compra.",
        "Pode ser a cor azul mesmo.",
        "Vocês cobram a segunda entrega?",
        "Ainda não apareceu nada no aplicativo.",
    ),
    answers=(
        "Localizei o seu pedido: ele saiu do centro de distribuição hoje e chega em até dois dias úteis.",
        "A troca é gratuita em até 30 dias. Enviei a etiqueta de postagem para o seu e-mail.",
        "O pagamento foi confirmado agora há pouco e o pedido já está em separação.",
        'Temos sim! Separei uma unidade para você até amanhã.\nPara fechar, é só responder "quero".',
        "Sinto muito pelo transtorno. Abri uma reclamação na transportadora e respondo ainda hoje.",
        "O estorno foi solicitado e aparece em até duas faturas, conforme o banco.",
        "Para essa região o frete sai por R$ 18,90, com entrega em três dias úteis.",
    ),
    notes=(
        "Cliente já reclamou duas vezes da transportadora; oferecer frete grátis na próxima compra.",
        "Estoque confirmou: só volta na semana que vem.",
        "Conferi com o financeiro, Pix caiu às 9h.",
    ),
    subjects=("Pedido atrasado", "Troca de produto", "Nota fiscal", "Cancelamento", "Dúvida sobre o frete"),
)

CLINIC = Phrases(
    openings=(
        "Bom dia! Gostaria de marcar uma consulta com a dermatologista.",
        "Olá, vocês atendem pelo meu convênio?",
        "Preciso remarcar meu horário de amanhã, tive um imprevisto 😔",
        "Boa tarde, o resultado do exame já saiu?",
        "Quanto custa a consulta particular?",
        "Oi, tem encaixe hoje para o meu filho? Ele está com febre.",
        "O exame precisa de jejum?\nE posso tomar água?",
        "Queria falar com a recepção sobre um reembolso.",
    ),
    follow_ups=(
        "Pode ser na quinta de manhã?",
        "Prefiro com a mesma médica da outra vez.",
        "Minha carteirinha é a nova, mudou o número.",
        "E o estacionamento, tem convênio?",
        "Vou levar o pedido médico impresso.",
        "Consegue me mandar por e-mail?",
    ),
    answers=(
        "Temos horário na quinta-feira às 9h20 ou na sexta às 14h. Qual fica melhor?",
        "Atendemos sim! Traga a carteirinha e um documento com foto, por favor.",
        "Sua consulta foi remarcada. Pedimos que chegue 15 minutos antes.",
        "O laudo fica pronto em até três dias úteis; avisamos por aqui assim que sair.",
        "Para esse exame é preciso jejum de oito horas. Água pode ser tomada normalmente 💧",
        "Encaminhei o recibo para o seu e-mail, com os dados para o reembolso.",
    ),
    notes=(
        "Paciente pediu para não ligar, só mensagem.",
        "Convênio exige autorização prévia; recepção está vendo.",
        "Confirmar com a doutora antes de encaixar.",
    ),
    subjects=("Agendamento", "Resultado de exame", "Reembolso", "Convênio", "Remarcação de consulta"),
)

SOFTWARE = Phrases(
    openings=(
        'Oi, o relatório de vendas não abre desde ontem. Aparece "erro 500".',
        "Bom dia! Como adiciono um usuário no plano atual?",
        "Não consigo entrar: o código de verificação não chega.",
        "A integração parou de enviar pedidos para o ERP.",
        "Vocês têm documentação da API de faturas?",
        "Fui cobrado duas vezes este mês, podem verificar?",
        "Queria saber a diferença entre os planos Básico e Pro.",
        'Importei uma planilha e os acentos vieram errados: "JoÃ£o".',
        "O aplicativo fecha sozinho no celular 😤",
    ),
    follow_ups=(
        "Testei em outro navegador e deu na mesma.",
        'Segue o erro:\n{"error": "timeout", "code": 504}',
        "Isso acontece com todos os usuários da empresa.",
        "Agora funcionou aqui!",
        "Tem previsão para a correção?",
        "Limpei o cache, nada mudou.",
        "Posso dar acesso para vocês olharem.",
    ),
    answers=(
        "Reproduzimos o problema e a correção sai na atualização de hoje à noite.",
        'Em Configurações → Usuários, clique em "Convidar". O plano atual permite até dez pessoas.',
        "Pode me mandar o horário aproximado da falha? Assim encontro o registro mais rápido.",
        "A cobrança repetida foi cancelada; o estorno leva até cinco dias úteis.",
        "A documentação fica em https://docs.exemplo.invalid/api, com exemplos em várias linguagens.",
        "Reprocessei a fila: os pedidos pendentes já foram enviados ao ERP ✅",
        "Salve a planilha como CSV em UTF-8 e importe outra vez, por favor.",
    ),
    notes=(
        "Passei para a engenharia, chamado interno aberto.",
        "Cliente com contrato anual: prioridade.",
        "Ver se é o mesmo incidente de terça.",
    ),
    subjects=(
        "Erro no relatório",
        "Acesso bloqueado",
        "Cobrança",
        "Integração parada",
        "Dúvida sobre planos",
    ),
)

SMALL_TALK = (
    "Ok",
    "Sim",
    "Não",
    "Obrigada!",
    "Obrigado 🙏",
    "Perfeito!",
    "👍",
    "Entendi.",
    "Um momento, por favor.",
    "?",
)
POLITE = (
    "Posso ajudar em algo mais?",
    "Fico à disposição 😊",
    "Só um instante, vou verificar.",
    "Pode me confirmar o nome completo do cadastro, por favor?",
    "Obrigado por aguardar!",
)
DETAILS = (
    "",
    "\n\nMe avise se precisar de mais alguma coisa.",
    " Obrigado!",
    " 🙂",
    " É urgente!!!",
    '\n> "Prazo de entrega: 3 dias úteis"',
)
# Each is followed by a number, which differs from message to message.
NUMBERED = (" O protocolo é 2025-", " Pedido nº ", "\nMeu cadastro é o ")
GREETINGS = (
    "Olá! 👋 Recebemos a sua mensagem e logo alguém da equipe responde.",
    "Bem-vindo! Nosso atendimento é de segunda a sexta, das 9h às 18h.",
)
BOT_LINES = (
    "Oi! Sou o assistente virtual. Sobre o que você quer falar?",
    "Escolha uma opção:\n1 - Acompanhar pedido\n2 - Falar com atendente",
    "Entendi. Pode me informar o número do cadastro?",
    "Encontrei isto na nossa central de ajuda, resolveu a sua dúvida?",
)
CAPTAIN_LINES = ("Segundo a nossa documentação, isso se ajusta em Configurações → Integrações.",)
AUTOMATION_LINES = (
    "Você está na fila e será atendido em breve.",
    "Como não tivemos retorno, este atendimento será encerrado em 24 horas.",
)
SURVEY_LINES = ("Avalie esta conversa, por favor.",)
ASSIGNED_LINES = ("Atribuído a ",)
RESOLVED_LINES = ("Conversa foi marcada como resolvida por ",)
REOPENED_LINES = ("Conversa foi reaberta por ",)
SNOOZED_LINES = ("Conversa foi adiada por ",)
LABELLED_LINES = ("sistema adicionou vip", "sistema alterou a prioridade de Nenhuma para Alta")
DELETED_LINE = "Esta mensagem foi excluída"
SYSTEM_NAME = "sistema"

PRAISE = (
    "Atendimento excelente, resolveram na hora!",
    "Muito atenciosa, obrigada 💚",
    "Rápido e educado.",
    "Tudo certo.",
)
COMPLAINTS = (
    "Demorou demais para responderem.",
    "Não resolveram meu problema.",
    "Fui atendido por três pessoas e tive que explicar tudo de novo.\nPéssimo.",
)
