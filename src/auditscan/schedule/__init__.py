"""Files with which other programs start the nightly scan: systemd, cron, launchd, Kubernetes.

A module a scheduler; each makes texts from a `Plan` and touches nothing. What a template says lies in templates/,
so that a person can read it whole.
"""
