"""Los estudios: se cortan y siguen, no mezclan sellos y dicen cuándo ya no valen."""

import dataclasses
import json
import shutil
from importlib import import_module
from pathlib import Path

import nbformat
import pytest

from herramientas.archivos import RAIZ, sello
from herramientas.medidas import estudio_qlora, estudios, repetir_qlora
from herramientas.medidas.celdas import Leccion, huella
from herramientas.medidas.estudios import (
    Estudio,
    estudiar,
    leer_informe,
    ruta_de,
    sellar,
)
from taller.conjuntos import cargar
from taller.recursos import ruta_adaptador

pytestmark = pytest.mark.lento  # carga todos los estudios

CELDAS = {
    "01-instalar": ("raise SystemExit", ["instalar"]),
    "01-importar": ("import math", []),
    "01-tasa": ('# lo que cambia\ndef tasa():\n    """Una."""\n    return 3e-3', []),
    "01-dibujar": ("raise ValueError", []),
    "01-medir": ("def medir(x):\n    return math.floor(x * tasa() * 1000)", []),
    "01-intento": ("raise ValueError", ["ejercicio"]),
    "01-final": ("raise ValueError", []),
}
LECCION = Leccion("01_juguete", hasta="medir", sin="dibujar")
PROGRAMA = '"""Un estudio."""\nimport math\nPASOS = 40  # pocos\n'


def _escribir_cuaderno(raiz: Path, celdas: dict) -> None:
    cuaderno = nbformat.v4.new_notebook()
    for ident, (codigo, etiquetas) in celdas.items():
        celda = nbformat.v4.new_code_cell(codigo, metadata={"tags": etiquetas})
        celda["id"] = ident
        cuaderno.cells.append(celda)
    (raiz / "notebooks").mkdir(exist_ok=True)
    nbformat.write(cuaderno, raiz / "notebooks" / "01_juguete.ipynb")


class Juguete:
    """Un estudio de cuatro puntos en una raíz de mentira; anota los que mide."""

    def __init__(self, raiz: Path) -> None:
        self.raiz, self.medidos, self.fallar_en = raiz, [], {}
        _escribir_cuaderno(raiz, CELDAS)
        self.programa = raiz / "herramientas" / "medidas" / "estudio_juguete.py"
        recursos = raiz / "taller" / "recursos"
        self.pesos = recursos / "semilla" / "model.safetensors"
        self.adaptador = recursos / "adaptador" / "adapter_model.safetensors"
        self.salida = recursos / "resultados" / "estudio_juguete.json"
        for ruta in (self.programa, self.pesos, self.adaptador, self.salida):
            ruta.parent.mkdir(parents=True, exist_ok=True)
        self.programa.write_text(PROGRAMA, encoding="utf-8")
        self.pesos.write_bytes(b"pesos")
        self.adaptador.write_bytes(b"adaptador")
        self.estudio = Estudio(
            programa="estudio_juguete",
            puntos=lambda azar: [{"r": r, "azar": azar} for r in (1, 2)],
            clave=("r", "azar"),
            azar=(7, 8),
            medir=self.medir,
            datos={"juguete": ("prueba",)},
            leccion=LECCION,
            adaptador=True,
            ajustes=lambda: {"pasos": 40},
            antes=lambda: {"bits": 1.5},
            resumen=lambda informe: {"suma": sum(m["x"] for m in informe["medidas"])},
        )

    def medir(self, punto: dict) -> dict:
        if error := self.fallar_en.pop(tuple(punto.values()), None):
            raise error
        self.medidos.append((punto["r"], punto["azar"]))
        return {"x": LECCION.correr(raiz=self.raiz)["medir"](punto["r"])}

    def correr(self, **opciones) -> dict:
        self.medidos.clear()
        return estudiar(self.estudio, raiz=self.raiz, **opciones)

    def en_disco(self) -> dict:
        return json.loads(self.salida.read_text(encoding="utf-8"))


@pytest.fixture
def filas(monkeypatch):
    """Los datos del juguete; tras cambiarlos hay que olvidar los leídos."""
    datos = {"prueba": [{"texto": "uno"}], "otra": [{"texto": "dos"}]}
    monkeypatch.setitem(cargar.CONJUNTOS, "juguete", lambda: datos)
    estudios._conjunto.cache_clear()
    yield datos
    estudios._conjunto.cache_clear()


@pytest.fixture
def juguete(tmp_path, filas, monkeypatch):
    for variable in estudios.ENTORNO:  # `estudiar` las cambia
        monkeypatch.setenv(variable, estudios.ENTORNO[variable])
    return Juguete(tmp_path)


TODOS = [(1, 7), (2, 7), (1, 8), (2, 8)]


def test_mide_cada_punto_y_dice_como(juguete):
    informe = juguete.correr()
    assert juguete.medidos == TODOS
    assert [(m["r"], m["azar"], m["x"]) for m in informe["medidas"]] == [
        (1, 7, 3),
        (2, 7, 6),
        (1, 8, 3),
        (2, 8, 6),
    ]
    assert informe == juguete.en_disco()
    assert informe["programa"] == "herramientas/medidas/estudio_juguete.py"
    assert informe["hilos"] >= 1 and informe["nucleos"] >= 1
    assert set(informe["versiones"]) == set(estudios.PAQUETES)
    assert (informe["pasos"], informe["antes"], informe["suma"]) == (
        40,
        {"bits": 1.5},
        18,
    )
    assert set(informe["sello"]) == set(estudios.CAMBIOS)


def test_lo_que_ya_esta_no_se_repite_ni_se_toca(juguete):
    juguete.correr(azar=(7,))
    antes = juguete.salida.read_bytes()
    juguete.correr(azar=(7,))
    assert juguete.medidos == [] and juguete.salida.read_bytes() == antes
    juguete.correr()
    assert juguete.medidos == TODOS[2:]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_tras_un_corte_sigue_donde_iba(juguete, error):
    juguete.fallar_en = {(1, 8): error()}
    with pytest.raises(SystemExit if error is KeyboardInterrupt else error) as fin:
        juguete.correr()
    if error is KeyboardInterrupt:
        assert "Van 2 puntos en estudio_juguete.json" in str(fin.value)
    guardado = juguete.en_disco()
    assert [(m["r"], m["azar"]) for m in guardado["medidas"]] == TODOS[:2]
    assert guardado["suma"] == 9
    assert [r.name for r in juguete.salida.parent.iterdir()] == [juguete.salida.name]
    assert juguete.correr()["suma"] == 18
    assert juguete.medidos == TODOS[2:]


def test_una_salida_que_no_se_puede_escribir_se_dice_antes_de_medir(juguete, tmp_path):
    with pytest.raises(SystemExit, match="es una carpeta"):
        juguete.correr(salida=tmp_path)
    (tmp_path / "archivo").write_text("soy un archivo")
    with pytest.raises(SystemExit, match="No se puede escribir"):
        juguete.correr(salida=tmp_path / "archivo" / "x.json")
    assert juguete.medidos == []


def test_lo_que_se_elige_sale_del_informe_que_se_escribe(
    juguete, tmp_path, monkeypatch
):
    """Con otra salida, o al empezar de cero, lo publicado no elige nada."""
    publicado = juguete.salida
    monkeypatch.setattr(estudios, "ruta_de", lambda *_: publicado)
    estudios.guardar_json(publicado, {"medidas": [{"r": 9, "azar": 7}]})

    def puntos(azar):
        hechas = leer_informe(publicado).get("medidas", [])
        return [{"r": 1, "azar": azar}] + [
            {"r": 10 * m["r"], "azar": azar} for m in hechas if m["r"] < 10
        ]

    juguete.estudio = dataclasses.replace(juguete.estudio, puntos=puntos, azar=(7,))
    otra = tmp_path / "otra.json"
    juguete.correr(salida=otra)
    assert juguete.medidos == [(1, 7)]
    juguete.correr(salida=otra)
    assert juguete.medidos == [(10, 7)]
    juguete.correr()  # sin sello: empieza de cero
    assert juguete.medidos == [(1, 7)]


def _cambiar_celda(juguete, filas):
    codigo = CELDAS["01-tasa"][0].replace("3e-3", "4e-3")
    _escribir_cuaderno(juguete.raiz, CELDAS | {"01-tasa": (codigo, [])})


ROTURAS = {
    "cambiaron las celdas": _cambiar_celda,
    "cambió el programa": lambda j, _: j.programa.write_text("PASOS = 41"),
    "cambiaron los datos": lambda _, f: f["prueba"][0].update(texto="tres"),
    "cambiaron los pesos de semilla": lambda j, _: j.pesos.write_bytes(b"otros"),
    "cambió el adaptador": lambda j, _: j.adaptador.write_bytes(b"otro"),
}


@pytest.mark.parametrize("frase", ROTURAS)
def test_un_sello_roto_dice_la_parte_y_empieza_de_cero(juguete, filas, frase, capsys):
    juguete.correr()
    ROTURAS[frase](juguete, filas)
    estudios._conjunto.cache_clear()
    assert estudios.rotas(
        juguete.en_disco(), sellar(juguete.estudio, juguete.raiz)
    ) == [frase]
    juguete.fallar_en = {(2, 7): RuntimeError()}
    with pytest.raises(RuntimeError):
        juguete.correr()
    assert f"Empiezo de cero estudio_juguete.json: {frase}." in capsys.readouterr().out
    assert len(juguete.en_disco()["medidas"]) == 1  # nada del sello anterior
    juguete.correr()
    assert juguete.medidos == TODOS[1:]


def test_un_comentario_el_formato_o_una_importacion_no_rompen_nada(juguete, filas):
    juguete.correr()
    otra = 'def tasa( ):\n    """Otra frase."""\n\n    return (0.003)  # igual'
    partes = CELDAS["01-medir"][0].split("\n")
    _escribir_cuaderno(
        juguete.raiz,
        CELDAS
        | {
            "01-importar": ("import math\nfrom pathlib import Path", []),
            "01-tasa": (otra, ["en-vivo"]),
            "01-dibujar": ("x = 1", []),
            "01-medir": ("\n\n".join([partes[0], partes[1] + "  # y ya"]), []),
            "01-intento": ("otra = 1", ["ejercicio"]),
        },
    )
    juguete.programa.write_text('"""Otro texto."""\nPASOS = 0x28\n')
    filas["otra"] = []  # una partición que el estudio no usa
    estudios._conjunto.cache_clear()
    juguete.correr()
    assert juguete.medidos == []


def test_con_otras_versiones_solo_empieza_de_cero_si_falta_algo(juguete, capsys):
    juguete.correr(azar=(7,))
    informe = juguete.en_disco()
    informe["versiones"]["torch"] = "1.0"
    juguete.salida.write_text(json.dumps(informe), encoding="utf-8")
    juguete.correr(azar=(7,))
    assert juguete.medidos == []
    juguete.correr()
    assert juguete.medidos == TODOS
    assert "cambiaron las versiones" in capsys.readouterr().out


def test_un_resultado_danado_se_vuelve_a_medir(juguete):
    juguete.salida.write_text('{"medidas": [', encoding="utf-8")
    juguete.correr()
    assert juguete.medidos == TODOS


def test_una_celda_que_ya_no_esta_se_nombra(juguete):
    frase = r"La lección 01 ya no tiene la celda «01-otra»\."
    for leccion in (
        Leccion("01_juguete", solo="tasa otra"),
        Leccion("01_juguete", hasta="otra"),
        Leccion("01_juguete", sin="otra"),
    ):
        with pytest.raises(SystemExit, match=frase):
            leccion.celdas(juguete.raiz)


def test_elige_las_celdas_sin_instalar_ni_ejercicios(juguete):
    def ids(**cuales):
        return [i for i, _ in Leccion("01_juguete", **cuales).celdas(juguete.raiz)]

    assert ids() == [i for i, (_, marcas) in CELDAS.items() if not marcas]
    assert ids(solo="medir tasa") == ["01-tasa", "01-medir"]  # en el orden del cuaderno
    assert ids(hasta="tasa", sin="importar") == ["01-tasa"]


@pytest.mark.parametrize(
    ("codigo", "igual"),
    [
        ("x = 1\nprint('va', x)", True),
        ("x = 1\nassert x == 1, 'no'", True),
        ("x = 1\nif x in (1, 2):\n    print(f'{x:.3f}', end='')", True),
        ("x = 1\nif x:\n    pass", True),
        ("x = 1\nx.add_callback(Avance())", True),
        ("x = 1\nx.add_callback(Otro())", False),
        ("x = 1\nprint(sortear())", False),
        ("x = 1\nprint(y := 2)", False),
        ("x = 1\nassert entrenar()", False),
        ("x = 1\nif sortear():\n    print(x)", False),
        ("x = 1\nif x:\n    x = 2", False),
        ("x = 1\nprint", False),
        ("x = 2", False),
    ],
)
def test_un_aviso_no_rompe_un_sello(codigo, igual):
    assert (huella([codigo]) == huella(["x = 1"])) is igual


def test_un_bloque_que_solo_avisa_sigue_siendo_un_bloque():
    con = "def f(x):\n    print(x)\n    for i in x:\n        print(i)"
    sin = "def f(x):\n    for i in x:\n        pass"
    assert huella([con]) == huella([sin])


# --- Los estudios del curso -----------------------------------------------------------


LOS_TRES = {"estudio_poda", "estudio_despliegue", "velocidad_despliegue"}  # de la 13
DE_LA_10 = {"estudio_libres", "estudio_pronombre", "estudio_qlora", "repetir_qlora"}


def _sellos(raiz: Path) -> dict[str, dict]:
    modulos = [
        import_module(f"herramientas.medidas.{programa}")
        for programa in estudios.PROGRAMAS
    ]
    return {m.ESTUDIO.programa: sellar(m.ESTUDIO, raiz) for m in modulos}


@pytest.fixture(scope="module")
def hoy() -> dict[str, dict]:
    return _sellos(RAIZ)


@pytest.fixture
def copia(tmp_path) -> Path:
    """Los cuadernos y los programas en otra raíz; lo demás, el de aquí."""
    medidas = tmp_path / "herramientas" / "medidas"
    shutil.copytree(RAIZ / "herramientas" / "medidas", medidas)
    (tmp_path / "notebooks").mkdir()
    for leccion in ("05", "10", "12", "13", "15"):
        (ruta,) = (RAIZ / "notebooks").glob(f"{leccion}_*.ipynb")
        shutil.copy(ruta, tmp_path / "notebooks")
    (tmp_path / "taller").symlink_to(RAIZ / "taller")
    return tmp_path


def _cambiar(raiz: Path, donde: str, viejo: str, nuevo: str) -> None:
    """Cambia un texto de un programa o de una celda, que se nombra por su id."""
    if not donde[0].isdigit():
        ruta = raiz / "herramientas" / "medidas" / f"{donde}.py"
        texto = ruta.read_text(encoding="utf-8")
        assert texto.count(viejo) == 1
        ruta.write_text(texto.replace(viejo, nuevo), encoding="utf-8")
        return
    (ruta,) = (raiz / "notebooks").glob(f"{donde[:2]}_*.ipynb")
    cuaderno = nbformat.read(ruta, as_version=4)
    (celda,) = (c for c in cuaderno.cells if c.id == donde)
    assert celda.source.count(viejo) == 1
    celda.source = celda.source.replace(viejo, nuevo)
    nbformat.write(cuaderno, ruta)


@pytest.mark.parametrize(
    ("donde", "viejo", "nuevo", "rotos"),
    [
        ("05-entrenar", "0.95", "0.99", {"estudio_preentrenamiento"}),
        ("10-ajustes", "1, 3e-3", "1, 4e-3", DE_LA_10),
        ("10-punto", "CORTO, jurado = 80", "CORTO, jurado = 90", {"estudio_qlora"}),
        ("10-despues", "[:300]", "[:200]", {"repetir_qlora"}),
        ("12-config", "70, 4e-3", "70, 5e-3", {"estudio_finanzas"}),
        ("12-config", "# la máscara", "# otra", set()),
        ("13-vaciar", '"weight", parte', '"bias", parte', LOS_TRES),
        ("13-completar", "tope=40", "tope=50", LOS_TRES - {"estudio_poda"}),
        ("estudio_lora", "N = 40, 16, 4e-3", "N = 40, 16, 5e-3", {"estudio_lora"}),
        ("estudio_lora", "tasa lineal hasta cero", "tasa lineal", set()),
    ],
)
def test_solo_se_rompe_lo_que_usa_lo_cambiado(copia, hoy, donde, viejo, nuevo, rotos):
    _cambiar(copia, donde, viejo, nuevo)
    sellos = _sellos(copia)
    distintas = {
        nombre: [p for p in hoy[nombre] if sellos[nombre][p] != hoy[nombre][p]]
        for nombre in hoy
    }
    parte = "programa" if donde in hoy else "celdas"
    assert {n: d for n, d in distintas.items() if d} == {n: [parte] for n in rotos}


@pytest.fixture
def al_dia(copia, hoy) -> Path:
    """La copia, con sus propios pesos y con los sellos de hoy en cada resultado."""
    (copia / "taller").unlink()
    for carpeta in ("resultados", "semilla", "adaptador"):
        de_aqui = RAIZ / "taller" / "recursos" / carpeta
        shutil.copytree(de_aqui, copia / "taller" / "recursos" / carpeta)
    for programa, partes in hoy.items():
        _anotar(ruta_de(programa, copia), sello=partes)
    _anotar(ruta_de("evaluacion-semilla", copia), **estudios.pesos(copia))
    return copia


def _anotar(ruta: Path, **claves) -> None:
    ruta.write_text(json.dumps(leer_informe(ruta) | claves), encoding="utf-8")


def test_el_sello_mira_la_fila_y_no_de_donde_sale(monkeypatch):
    """Otra fuente no cambia ninguna cifra; otra palabra, sí."""

    def sello_con(**cambio) -> str:
        fila = {"texto": "sube", "fuente": "a", "respaldo": "debil"} | cambio
        monkeypatch.setattr(estudios, "_conjunto", lambda _: {"prueba": [fila]})
        return estudios._de_datos({"uno": ("prueba",)})

    assert sello_con() == sello_con(fuente="b", respaldo="norma", consultado="hoy")
    assert sello_con() != sello_con(texto="baja")


def test_sin_cambios_no_hay_sellos_rotos(al_dia):
    assert estudios.sellos_rotos(al_dia) == []


def test_dice_que_se_rompio_y_que_correr(al_dia):
    _cambiar(al_dia, "05-tasa", "math.pi", "3.14")
    qlora = ruta_de("repetir_qlora", al_dia)
    _anotar(
        qlora, adaptador="otro", repeticiones=leer_informe(qlora)["repeticiones"][:2]
    )
    _anotar(ruta_de("estudio_qlora", al_dia), sello=None)
    (al_dia / "taller/recursos/adaptador/adapter_model.safetensors").write_bytes(b"x")
    orden = "corre python -m herramientas.medidas."
    assert estudios.sellos_rotos(al_dia) == [
        f"evaluacion-semilla: cambió el adaptador; {orden}evaluar",
        "estudio_preentrenamiento: cambiaron las celdas; "
        f"{orden}estudio_preentrenamiento",
        f"qlora: el adaptador del paquete no salió de ahí; {orden}repetir_qlora",
        f"qlora: puntos sin medir: 1; {orden}repetir_qlora",
        f"estudio_qlora: no lleva sello; {orden}estudio_qlora",
        f"estudio_finanzas: cambió el adaptador; {orden}estudio_finanzas",
        f"estudio_poda: cambió el adaptador; {orden}estudio_poda",
        f"estudio_despliegue: cambió el adaptador; {orden}estudio_despliegue",
        f"velocidad_despliegue: cambió el adaptador; {orden}velocidad_despliegue",
        f"estudio_preferencias: cambió el adaptador; {orden}estudio_preferencias",
        f"estudio_pronombre: cambió el adaptador; {orden}estudio_pronombre",
    ]


def test_una_celda_que_desaparecio_tambien_se_dice(al_dia):
    (ruta,) = (al_dia / "notebooks").glob("05_*.ipynb")
    texto = ruta.read_text(encoding="utf-8")
    ruta.write_text(texto.replace('"05-escribir"', '"05-otra"'), encoding="utf-8")
    (aviso,) = estudios.sellos_rotos(al_dia)
    assert aviso.startswith(
        "estudio_preentrenamiento: La lección 05 ya no tiene la celda «05-escribir»;"
    )


def test_los_resultados_del_curso_valen():
    assert estudios.sellos_rotos() == []


def test_un_estudio_a_medias_pide_una_semilla_entera(al_dia, monkeypatch):
    a_medias = {*estudios.A_MEDIAS, "estudio_qlora"}
    monkeypatch.setattr(estudios, "A_MEDIAS", a_medias)
    ruta, suyo = ruta_de("estudio_qlora", al_dia), estudio_qlora.ESTUDIO
    todas = [p | {"aciertos": 1} for a in suyo.azar for p in suyo.puntos(a)]
    una = [m for m in todas if m["azar"] == suyo.azar[0]]
    _anotar(ruta, medidas=una)
    assert estudios.sellos_rotos(al_dia) == []
    (frase,) = (f for f in estudios.por_seguir(al_dia) if "qlora" in f)
    assert f"puntos por medir, {len(todas) - len(una)};" in frase
    _anotar(ruta, medidas=una[:-1])
    (rota,) = estudios.sellos_rotos(al_dia)
    assert f"puntos sin medir: {len(todas) - len(una) + 1};" in rota


def test_el_que_se_completa_deja_de_estar_a_medias():
    for programa in estudios.A_MEDIAS:
        suyo = import_module(f"herramientas.medidas.{programa}").ESTUDIO
        assert suyo.faltan(leer_informe(ruta_de(programa))), f"quita {programa}"


# --- El adaptador que deja repetir_qlora ----------------------------------------------


class Entrenador:
    """Guarda como PEFT: los ajustes traen claves de versiones más nuevas."""

    def __init__(self, **otras) -> None:
        from peft import LoraConfig

        lora = LoraConfig(
            r=4, target_modules=["v_proj", "q_proj"], task_type="CAUSAL_LM"
        )
        lora.base_model_name_or_path = "/home/alguien/semilla"
        self.ajustes = lora.to_dict() | {"de_otra_version": None} | otras

    def save_model(self, carpeta: str) -> None:
        texto = json.dumps(self.ajustes, default=list)
        (Path(carpeta) / "adapter_config.json").write_text(texto, encoding="utf-8")
        (Path(carpeta) / "adapter_model.safetensors").write_bytes(b"pesos")
        (Path(carpeta) / "training_args.bin").write_bytes(b"ajeno")


def test_el_adaptador_guardado_se_comprueba_y_lo_lee_un_peft_viejo(tmp_path):
    from peft import LoraConfig

    destino = tmp_path / "adaptador"
    destino.mkdir()
    (destino / "viejo.txt").write_text("sobra")
    repetir_qlora.guardar_adaptador(Entrenador(), destino)
    assert ruta_adaptador(destino) == destino
    hay = {"adapter_config.json", "adapter_model.safetensors", "huellas.json"}
    assert {r.name for r in destino.iterdir()} == hay
    assert [r.name for r in tmp_path.iterdir()] == ["adaptador"]
    ajustes = json.loads((destino / "adapter_config.json").read_text(encoding="utf-8"))
    assert set(ajustes) <= set(repetir_qlora.CLAVES)
    assert ajustes["base_model_name_or_path"] == "semilla"
    assert ajustes["target_modules"] == ["q_proj", "v_proj"]
    assert LoraConfig.from_pretrained(destino).r == 4
    huellas = json.loads((destino / "huellas.json").read_text(encoding="utf-8"))
    assert huellas["base"] == estudios.pesos()["pesos"]
    assert huellas["adapter_model.safetensors"] == sello(
        destino / "adapter_model.safetensors"
    )


def test_un_adaptador_que_un_peft_viejo_no_entiende_no_reemplaza_al_bueno(tmp_path):
    destino = tmp_path / "adaptador"
    destino.mkdir()
    (destino / "bueno.txt").write_text("queda")
    with pytest.raises(SystemExit, match="peft 0.18 no conoce use_nuevo"):
        repetir_qlora.guardar_adaptador(Entrenador(use_nuevo=True), destino)
    assert [r.name for r in destino.iterdir()] == ["bueno.txt"]
    assert [r.name for r in tmp_path.iterdir()] == ["adaptador"]


@pytest.mark.parametrize(
    ("argumentos", "guarda"),
    [([], True), (["--sin-adaptador"], False), (["--salida", "x.json"], False)],
)
def test_el_adaptador_solo_cambia_si_no_se_pide_otra_cosa(
    monkeypatch, argumentos, guarda
):
    vistos = []

    def estudiar(estudio, azar=(), salida=None, de_cero=""):
        estudio.medir({"semilla": 7})

    def repetir(punto, guardar=False):
        vistos.append(guardar)

    monkeypatch.setattr(repetir_qlora, "estudiar", estudiar)
    monkeypatch.setattr(repetir_qlora, "repetir", repetir)
    original = repetir_qlora.ESTUDIO
    sin_guardar = dataclasses.replace(original, medir=repetir)
    monkeypatch.setattr(repetir_qlora, "ESTUDIO", sin_guardar)
    monkeypatch.setattr("sys.argv", ["repetir_qlora", *argumentos])
    repetir_qlora.main()
    assert vistos == [guarda]
