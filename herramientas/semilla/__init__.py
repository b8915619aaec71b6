"""Preentrenar `semilla` y exportarla al paquete."""
