"""El taller: los horarios suman, cada cuestionario tiene clave y nada se inventa."""

import csv
import re
import sys
from pathlib import Path

import nbformat
import pytest

from herramientas.archivos import RAIZ
from herramientas.cuadernos import leer as cuadernos
from herramientas.sala import estudio, horario, impacto, lectura

JORNADAS = [(p, j) for p, jornadas in horario.PLANES.items() for j in jornadas]
por_jornada = pytest.mark.parametrize(
    ("plan", "jornada"), JORNADAS, ids=[f"{p}-{j.nombre}" for p, j in JORNADAS]
)

# --- Horarios -----------------------------------------------------------------------


@por_jornada
def test_cada_horario_suma_y_no_deja_huecos(plan, jornada):
    filas = horario.calcular(jornada)
    assert sum(f.hasta - f.desde for f in filas) == jornada.minutos
    for antes, despues in zip(filas, filas[1:], strict=False):
        assert antes.hasta == despues.desde
    assert all(f.hasta > f.desde for f in filas)
    horas, minutos = map(int, jornada.comienzo.split(":"))
    assert filas[0].desde == 60 * horas + minutos


@por_jornada
def test_los_minutos_son_los_de_la_leccion(plan, jornada):
    """Contados con el lector de cuadernos, que es otro."""
    del_horario: dict[str, int] = {}
    for fila in horario.calcular(jornada):
        if m := re.match(r"(\d\d) · (.+)", fila.que):
            (ruta,) = cuadernos.rutas([m[1]])
            secciones = cuadernos.secciones(cuadernos.leer(ruta))
            (minutos,) = [s.minutos for s in secciones if s.titulo == m[2]]
            assert fila.hasta - fila.desde == minutos, fila.que
            del_horario[m[1]] = del_horario.get(m[1], 0) + minutos
    assert del_horario


def _tramos(jornada):
    """Los minutos que hay entre una pausa y otra, holgura incluida."""
    tramos = [0]
    for fila in horario.calcular(jornada):
        if fila.que in (horario.PAUSA, horario.ALMUERZO):
            tramos.append(0)
        else:
            tramos[-1] += fila.hasta - fila.desde
    return tramos


@por_jornada
def test_hay_pausa_cada_hora_y_media_como_mucho(plan, jornada):
    assert max(_tramos(jornada)) <= horario.SIN_PAUSA == 90
    pagina = (RAIZ / "book" / "preparar.md").read_text("utf-8")
    assert "Pausa cada hora y media como mucho" in pagina


def test_los_tramos_de_un_horario_a_mano():
    ratos = (
        horario.Fijo("a", 30), horario.Fijo(horario.PAUSA, 10), horario.Fijo("b", 20),
        horario.Fijo(horario.ALMUERZO, 60), horario.Fijo("c", 25),
    )  # fmt: skip
    assert _tramos(_jornada(160, *ratos)) == [30, 20, 40]


def test_el_semestre_abre_y_cierra_con_su_cuestionario():
    sesiones = horario.PLANES["ocho-semanas"]
    que = [[f.que for f in horario.calcular(j)] for j in sesiones]
    assert que[0][1] == horario.ENTRADA.que and "normas" in que[0][0]
    assert horario.SALIDA.que in que[-1]
    assert all(q[0] == horario.DUDAS.que for q in que[1:])


def test_el_taller_corto_es_el_prometido():
    (jornada,) = horario.PLANES["cuatro-horas"]
    assert jornada.minutos == 240
    dicho = " ".join(f.que for f in horario.calcular(jornada))
    for parte in ("00 ·", "El impuesto de los tokens", "La máscara de pérdida",
                  "Antes de entrenar", "Después: medir", "Cuestionario"):  # fmt: skip
        assert parte in dicho


# Dos optativos ceden su rato a los cuestionarios; la página dice que son de lectura.
DE_LECTURA = {("01", 6), ("11", 5)}


def test_el_semestre_da_cada_leccion_entera():
    pagina = (RAIZ / "book" / "taller.md").read_text("utf-8")
    dados: dict[str, list[int]] = {}
    for jornada in horario.PLANES["ocho-semanas"]:
        for rato in jornada.ratos:
            if isinstance(rato, horario.De):
                suyos = [a.numero for a in horario.elegidos(rato)]
                dados.setdefault(rato.leccion, []).extend(suyos)
    for leccion, numeros in dados.items():
        todos = horario.apartados(leccion)
        suyos = [a for a in todos if (leccion, a.numero) in DE_LECTURA]
        assert numeros == [a.numero for a in todos if a not in suyos], leccion
        for a in suyos:
            assert a.titulo.endswith("(optativo)")
            assert f"{leccion} · {a.numero}" in pagina


@pytest.mark.parametrize("plan", horario.PLANES)
def test_lo_que_se_salta_esta_en_el_horario(plan):
    dados = {
        (rato.leccion, a.numero)
        for jornada in horario.PLANES[plan]
        for rato in jornada.ratos
        if isinstance(rato, horario.De)
        for a in horario.elegidos(rato)
    }
    assert set(horario.SALTAR[plan]) <= dados
    # El antes y el después de la 10 justifican lo demás: no se saltan.
    assert not {("10", 3), ("10", 8)} & set(horario.SALTAR[plan])
    assert "van" in horario.pagina(plan)[-2]


def _jornada(minutos, *ratos):
    return horario.Jornada("Prueba", "9:00", minutos, (*ratos, horario.HOLGURA))


def test_un_horario_que_no_cabe_lo_dice():
    with pytest.raises(horario.ErrorDeHorario, match="holgura.*quita un apartado"):
        horario.calcular(_jornada(20, horario.Fijo("x", 16)))
    with pytest.raises(horario.ErrorDeHorario, match="ya no tiene el apartado 99"):
        horario.calcular(_jornada(100, horario.De("00", (99,))))
    with pytest.raises(horario.ErrorDeHorario, match="«77»"):
        horario.calcular(_jornada(100, horario.De("77")))
    with pytest.raises(horario.ErrorDeHorario, match="cuatro-horas"):
        horario.pagina("tres-horas")


def test_la_pagina_muestra_los_tres_horarios():
    texto = (RAIZ / "book" / "taller.md").read_text("utf-8")
    assert set(re.findall(r"```\{horario\} ([\w-]+)", texto)) == set(horario.PLANES)


# --- El estudio ---------------------------------------------------------------------


def _leccion_corta():
    """Dos secciones, la segunda optativa; se escribe una celda de 90 letras."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    def codigo(cual, fuente, *marcas):
        return new_code_cell(fuente, id=cual, metadata={"tags": list(marcas)})

    minutos = "**Lectura** 10 min · **En vivo** 12 min · **Ejecución** 2 min"
    celdas = [
        new_markdown_cell(
            f"# Una\n\n{minutos} (semilla, dos núcleos)\n\nNecesitas: x."
        ),
        new_markdown_cell("## 1. Una (esencial) · 8 min"),
        codigo("01-escribe", "a = " + "1" * 86, "en-vivo"),
        codigo("01-hueco", "comprobar()", "ejercicio"),
        codigo("01-solucion", "comprobar()", "solucion"),
        new_markdown_cell("## 2. Otra (optativo) · 4 min"),
        codigo("01-dada", "print(1)"),
        new_markdown_cell("## Qué aprendiste"),
    ]
    return new_notebook(cells=celdas)


def test_el_estudio_suma_lectura_ejecucion_teclado_celdas_y_ejercicios():
    cuenta = estudio.contar(_leccion_corta())
    assert cuenta == estudio.Cuenta(10, 2, 90, 2, 1)
    assert cuenta.minutos == 25  # 10 + 2 + 1,5 + 2 + 10 = 25,5
    esencial = estudio.contar(_leccion_corta(), esencial=True)
    assert esencial == estudio.Cuenta(10 * 6 / 8, 2, 90, 1, 1)
    assert esencial.minutos == 20  # 7,5 + 2 + 1,5 + 1 + 10 = 22


def test_el_estudio_se_escribe_donde_falta_y_se_corrige():
    cuaderno = _leccion_corta()
    assert estudio.impreso(cuaderno) is None
    assert estudio.poner(cuaderno) and estudio.impreso(cuaderno) == 25
    assert cuadernos.minutos(cuaderno).en_vivo == 12
    primera = cuaderno.cells[0]
    primera.source = primera.source.replace("25 min", "90 min")
    assert estudio.poner(cuaderno) and estudio.impreso(cuaderno) == 25
    assert not estudio.poner(cuaderno)
    primera.source = "# Sin minutos"
    with pytest.raises(cuadernos.ErrorDeCuaderno, match="no dice los minutos"):
        estudio.contar(cuaderno)


def test_la_guia_dice_el_estudio_y_los_caracteres():
    sys.path.insert(0, str(RAIZ / "book" / "_ext"))
    tablas = pytest.importorskip("tablas")
    (ruta,) = cuadernos.rutas(["00"])
    cuenta = estudio.contar(cuadernos.leer(ruta))
    dicho = tablas.de_estudio(ruta)
    assert f"Estudio {cuenta.minutos} min. Se escriben {cuenta.letras} car" in dicho


# --- La guía ------------------------------------------------------------------------


def test_cada_leccion_tiene_preguntas_con_respuesta():
    guia = (RAIZ / "book" / "instructores.md").read_text("utf-8")
    _, _, parte = guia.partition("## Qué preguntar, y qué responderán")
    parte = parte.partition("\n## ")[0]
    for ruta in cuadernos.rutas():
        if (numero := ruta.stem[:2]).isdigit():
            suyo = parte.partition(f"**{numero}.**")[2].partition("\n\n")[0]
            assert suyo.count("?*") >= 2, f"{numero}: faltan preguntas"
            assert "Se atascan" in suyo.replace("\n", " "), numero


# --- La hora de lectura -------------------------------------------------------------


def test_lo_que_hay_que_leer_antes_del_primer_taller_cabe_en_una_hora():
    filas = [lectura.minutos(t) for t in lectura.TEXTOS]
    assert all(m >= 1 for m in filas) and sum(filas) <= 60
    *_, total = lectura.pagina()
    assert f"**{sum(filas)}**" in total
    pagina = (RAIZ / "book" / "preparar.md").read_text("utf-8")
    assert f"a {lectura.RITMO} por minuto" in " ".join(pagina.split())
    assert "```{lectura}" in pagina
    assert lectura.LECCIONES == ("00", "01", "09", "10")


def test_cuenta_las_palabras_que_se_leen():
    texto = "Uno, [dos tres](a/b.md) y `make x`.\n\n```text\nnada de esto\n```\n"
    assert lectura.palabras(texto) == 6
    assert lectura.palabras("{descarga}`curso` y https://a.b/c <!-- no -->") == 1


@pytest.mark.parametrize(
    ("apartados", "parrafos", "dice"),
    [(("No está",), (), "«No está»"), (("Uno",), ("99",), "99")],
)
def test_un_apartado_que_cambio_de_nombre_se_dice(tmp_path, apartados, parrafos, dice):
    (tmp_path / "p.md").write_text("# P\n\n## Uno\n\n**00.** x\n", encoding="utf-8")
    pedido = lectura.Texto("p.md", "p", "x", apartados, parrafos)
    with pytest.raises(ValueError, match=dice):
        lectura.minutos(pedido, tmp_path)
    uno = lectura.Texto("p.md", "p", "x", ("Uno",), ("00",))
    assert lectura.minutos(uno, tmp_path) == 1


# --- Cuestionarios e impacto --------------------------------------------------------

TEXTO = impacto.PAGINA.read_text("utf-8")


@pytest.mark.parametrize("momento", impacto.MOMENTOS)
def test_cada_cuestionario_tiene_diez_preguntas_y_su_clave(momento):
    parte = TEXTO.partition(f"\n## {momento.capitalize()}\n")[2].partition("\n## ")[0]
    preguntas = re.split(r"(?m)^\d+\. ", parte)[1:]
    assert len(preguntas) == impacto.PREGUNTAS
    for texto in preguntas:
        assert re.findall(r"(?m)^ +- ([a-z])\) ", texto) == list("abcd")
    letras = impacto.claves()[momento]
    assert len(letras) == impacto.PREGUNTAS
    assert max(map(letras.count, "abcd")) <= 6, "casi todas tienen la misma letra"


def test_al_imprimir_no_sale_la_clave():
    for momento in impacto.MOMENTOS:
        antes = TEXTO.partition(f"Clave de {momento}")[0]
        assert "d-print-none" in antes[antes.rindex("<details") :]


def test_la_clave_incompleta_se_dice(tmp_path):
    pagina = tmp_path / "c.md"
    pagina.write_text(TEXTO.replace("10 c.", "10 z."), encoding="utf-8")
    with pytest.raises(impacto.ErrorDeImpacto, match="clave de entrada"):
        impacto.claves(pagina)


def test_los_ejemplos_de_las_paginas_tienen_las_columnas():
    taller = (RAIZ / "book" / "taller.md").read_text("utf-8")
    for archivo, columnas in impacto.COLUMNAS.items():
        assert ",".join(columnas) in (TEXTO if "respuestas" in archivo else taller)


def test_sin_archivos_todo_es_sin_datos(tmp_path):
    texto = impacto.informe(tmp_path)
    filas = [x for x in texto.splitlines() if x.startswith("| ")][1:]
    assert len(filas) == 13
    assert all(fila.endswith("| sin datos |") for fila in filas), filas
    assert "nventad" not in texto


def test_las_respuestas_inventadas_se_dicen_y_no_pisan_nada(tmp_path, capsys):
    assert impacto.principal([str(tmp_path), "--ejemplo"]) == 0
    texto = (tmp_path / "impacto.md").read_text("utf-8")
    assert "Respuestas inventadas" in texto
    assert "61 de 77: 79 %" in texto and "2: Chile, Colombia" in texto
    assert "24 personas (intervalo del 95 %: " in texto
    assert "| Respondieron una sola vez | 6 |" in texto
    assert impacto.principal([str(tmp_path), "--ejemplo"]) == 1
    assert "carpeta vacía" in capsys.readouterr().err


def _respuestas(tmp_path, *filas, separa=","):
    lineas = [separa.join(impacto.COLUMNAS["respuestas.csv"])]
    lineas += [separa.join([*fila[:3], *fila[3]]) for fila in filas]
    (tmp_path / "respuestas.csv").write_text("\n".join(lineas), encoding="utf-8")


def test_la_mejora_es_por_persona(tmp_path):
    clave = {m: "".join(letras) for m, letras in impacto.claves().items()}
    _respuestas(
        tmp_path,
        ("aa1", "entrada", "Chile", "e" * 10),
        ("bb2", "entrada", "Chile", clave["entrada"][:4] + "e" * 6),
        ("cc3", "entrada", "Chile", clave["entrada"]),
        ("aa1", "salida", "Chile", clave["salida"][:6] + "e" * 4),
        ("BB2", "Salida", "Chile", clave["salida"][:8] + "e" * 2),
        separa=";",
    )
    filas = dict(impacto.mejora(impacto.calificar(
        impacto.leer(tmp_path, "respuestas.csv"), impacto.claves())))  # fmt: skip
    assert filas["Aciertos al entrar (de 10)"] == "4,7 de media, 3 personas"
    assert filas["Aciertos al salir (de 10)"] == "7,0 de media, 2 personas"
    # Diferencias 6 y 4: media 5, error 1, t de un grado de libertad 12,7.
    assert filas["Cambio de quien respondió las dos"] == (
        "+5,0, 2 personas (intervalo del 95 %: −7,7 a 17,7)"
    )
    assert filas["Respondieron una sola vez"] == "1"


@pytest.mark.parametrize(
    ("filas", "dice"),
    [
        ([("a", "antes", "", "e" * 10)], "no es un momento"),
        ([("", "entrada", "", "e" * 10)], "sin código"),
        ([("a", "entrada", "", "e" * 10), ("A", "entrada", "", "e" * 10)], "dos veces"),
    ],
)
def test_unas_respuestas_que_no_sirven(tmp_path, filas, dice, capsys):
    _respuestas(tmp_path, *filas)
    assert impacto.principal([str(tmp_path)]) == 1
    assert dice in capsys.readouterr().err


@pytest.mark.parametrize(
    ("archivo", "texto", "dice"),
    [
        ("talleres.csv", "taller,fecha\nx,y\n", "le faltan columnas: lugar"),
        ("talleres.csv", "taller,fecha,lugar,pais,inscritas,al_comienzo,al_final\n"
         "x,y,z,Chile,1,muchas,2\n", "«muchas» no es un número"),
        ("aportes.csv", "fecha,tipo,cuantos,detalle\nx,otro,1,\n", "no es un tipo"),
    ],
)  # fmt: skip
def test_una_tabla_que_no_sirve(tmp_path, archivo, texto, dice, capsys):
    (tmp_path / archivo).write_text(texto, encoding="utf-8")
    assert impacto.principal([str(tmp_path)]) == 1
    assert dice in capsys.readouterr().err


def test_lo_que_falta_en_un_taller_no_se_rellena(tmp_path):
    columnas = list(impacto.COLUMNAS["talleres.csv"])
    with open(tmp_path / "talleres.csv", "w", newline="", encoding="utf-8") as archivo:
        escritor = csv.writer(archivo)
        escritor.writerows(
            [
                columnas,
                ["A", "x", "y", "Chile", 9, 8, ""],
                ["B", "x", "y", "", 9, "", ""],
            ]
        )
    texto = impacto.informe(tmp_path)
    assert "| Participantes | 8 (sin contar en 1) |" in texto
    assert "| Terminaron | sin datos |" in texto


def test_aportes_y_actas_suman(tmp_path):
    (tmp_path / "aportes.csv").write_text(
        "fecha,tipo,cuantos,detalle\nx,persona,2,\nx,persona,1,\nx,datos,40,\n", "utf-8"
    )
    (tmp_path / "acta.csv").write_text("nombre,resueltos\nA,3\nB,6\n", "utf-8")
    texto = impacto.informe(tmp_path)
    assert "| Personas que contribuyeron | 3 |" in texto
    assert "| Filas de datos devueltas | 40 |" in texto
    assert "| Evaluaciones hechas con el curso | sin datos |" in texto
    assert "| Ejercicios por entrega | 4,5 de mediana |" in texto


# --- El cuaderno de impacto ---------------------------------------------------------

CUADERNO = Path(impacto.__file__).with_name("impacto.ipynb")


def _ejecutar_el_cuaderno(monkeypatch, carpeta=""):
    """Corre sus celdas. Devuelve lo que escribió y los títulos de sus figuras."""
    plt = pytest.importorskip("matplotlib.pyplot")
    display = pytest.importorskip("IPython.display")
    dicho, titulos = [], []

    def mostrar():
        titulos.extend(eje.get_title() for eje in plt.gcf().axes)
        plt.close("all")

    monkeypatch.setattr(plt, "show", mostrar)
    monkeypatch.setattr(display, "display", lambda que: dicho.append(que.data))
    monkeypatch.setenv("TALLER_IMPACTO", str(carpeta))
    monkeypatch.chdir(CUADERNO.parent)
    espacio = {"print": lambda *que: dicho.append(" ".join(map(str, que)))}
    for celda in nbformat.read(CUADERNO, as_version=4).cells:
        if celda.cell_type == "code":
            exec(compile(celda.source, celda.id, "exec"), espacio)
    return "\n".join(dicho), titulos


def test_el_cuaderno_de_impacto_prueba_con_inventadas_y_lo_dice(monkeypatch):
    dicho, titulos = _ejecutar_el_cuaderno(monkeypatch)
    assert "Respuestas inventadas" in dicho and "| Talleres | 2 |" in dicho
    assert titulos == [
        "24 personas (respuestas inventadas)",
        "Por pregunta (respuestas inventadas)",
    ]
    assert "de 24." in dicho and "No se guardó nada." in dicho


def test_el_cuaderno_de_impacto_sin_datos_no_inventa(monkeypatch, tmp_path):
    dicho, titulos = _ejecutar_el_cuaderno(monkeypatch, tmp_path)
    assert "nventad" not in dicho and titulos == []
    assert dicho.count("sin datos") == 13 + 2
    assert list(tmp_path.iterdir()) == []


def test_el_cuaderno_de_impacto_con_una_carpeta_que_no_existe(monkeypatch, tmp_path):
    with pytest.raises(SystemExit, match="revisa CARPETA"):
        _ejecutar_el_cuaderno(monkeypatch, tmp_path / "nada")


def test_el_cuaderno_de_impacto_no_guarda_resultados():
    cuaderno = nbformat.read(CUADERNO, as_version=4)
    nbformat.validate(cuaderno)
    assert not any(c.get("outputs") for c in cuaderno.cells)


def test_por_pregunta_cuenta_a_quien_respondio(tmp_path):
    clave = {m: "".join(letras) for m, letras in impacto.claves().items()}
    _respuestas(
        tmp_path,
        ("a", "entrada", "", clave["entrada"][0] + "e" * 9),
        ("b", "Entrada", "", "e" * 10),
        ("a", "salida", "", clave["salida"]),
    )
    filas = impacto.leer(tmp_path, "respuestas.csv")
    cuenta = impacto.por_pregunta(filas, impacto.claves())
    assert cuenta["entrada"] == [(1, 2)] + [(0, 2)] * 9
    assert cuenta["salida"] == [(1, 1)] * 10
