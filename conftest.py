"""Configuración de pytest para todo el proyecto: pruebas y cuadernos.

Está en la raíz porque los cuadernos, que también son pruebas, viven fuera de tests/.
"""

import sys
from pathlib import Path

RAIZ = Path(__file__).resolve().parent
for carpeta in ("tests/apoyo/red", "tests/apoyo", "."):
    camino = str((RAIZ / carpeta).resolve())
    if camino not in sys.path:
        sys.path.insert(0, camino)

# El primero pone las variables de entorno; van antes de que se importe `taller`.
pytest_plugins = ("complemento_entorno", "complemento_cuadernos")
