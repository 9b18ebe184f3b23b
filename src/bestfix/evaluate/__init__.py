"""Measuring: cases, metrics, reports."""
