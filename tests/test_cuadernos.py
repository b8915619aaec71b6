"""Estilo de cada cuaderno real. Las reglas están en tests/apoyo/reglas/."""

import pytest
from reglas import REGLAS

from herramientas.archivos import NOTEBOOKS
from herramientas.cuadernos import leer as cuadernos

RUTAS = cuadernos.rutas() + cuadernos.traducciones()
# Lo único que una lección deja en notebooks/ es su propio archivo.
PERMITIDO = {".ipynb", ".md"}


@pytest.fixture(scope="module")
def leidos():
    return {}


@pytest.mark.parametrize("nombre", REGLAS)
@pytest.mark.parametrize("ruta", RUTAS, ids=lambda r: r.stem)
def test_estilo(ruta, nombre, leidos):
    cuaderno = leidos.setdefault(ruta, None) or cuadernos.leer(ruta)
    leidos[ruta] = cuaderno
    faltas = REGLAS[nombre](cuaderno, ruta)
    if faltas:
        lista = "\n".join(f"  - {f}" for f in faltas)
        doc = REGLAS[nombre].__doc__
        pytest.fail(f"{ruta.name} · {doc}\n{lista}", pytrace=False)


def test_hay_cuadernos():
    assert RUTAS, "notebooks/ está vacía"


@pytest.mark.al_final
def test_ningun_cuaderno_deja_archivos():
    """Cada cuaderno corre solo: lo que escribe va a una carpeta temporal."""
    sobran = [
        r.relative_to(NOTEBOOKS).as_posix()
        for r in NOTEBOOKS.rglob("*")
        if r.is_file()
        and r.suffix not in PERMITIDO
        and not any(p.startswith((".", "figuras")) for p in r.parts)
    ]
    assert not sobran, (
        f"quedaron archivos en notebooks/: {', '.join(sobran[:5])}. "
        "Usa tempfile.TemporaryDirectory() en el cuaderno que los escribe."
    )
