"""Leer, ejecutar y limpiar los cuadernos, y saber si sus salidas siguen vigentes."""
