-- Data health names the longest conversations, of which there are few.
CREATE INDEX conversas_analytics_long_idx ON conversas_analytics (t_messages) WHERE t_messages >= 1000;
