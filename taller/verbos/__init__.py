"""Conjugar en español: formas, raíces irregulares y ortografía."""
