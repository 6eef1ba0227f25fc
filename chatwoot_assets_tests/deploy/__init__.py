"""Tests of how the project is deployed: without the embedded server, as services, and the files of deploy/."""
