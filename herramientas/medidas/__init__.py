"""Evaluar modelos, estudiar ajustes y medir tiempos y memoria."""
