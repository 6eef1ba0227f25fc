"""Everything Dagster: assets, checks, jobs, schedules, sensors and resources, and the storage of the instance."""
