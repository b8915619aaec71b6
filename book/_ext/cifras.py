"""De los archivos de resultados/ a las filas de las tablas del libro."""

METODOS = {"completo": "ajuste completo", "lora": "LoRA", "qlora": "QLoRA (NF4)"}
FUENTES = {
    "libros_de_texto": "libros de texto",
    "normas_ar": "normas de Argentina",
    "normas_co": "normas de Colombia",
    "normas_pe": "normas del Perú",
}


def entero(numero: float) -> str:
    """Miles separados por un espacio fino: 7 500 000."""
    return f"{numero:,.0f}".replace(",", "\u202f")


def decimal(numero: float, cifras: int) -> str:
    """Un número con coma decimal: 0,912."""
    return f"{numero:.{cifras}f}".replace(".", ",")


def con_margen(valor: float, bajo: float, alto: float, cifras: int, unidad="") -> str:
    """Un valor y su intervalo, que no se parte entre dos líneas: 0,5 [0,4; 0,6]."""
    margen = f"[{decimal(bajo, cifras)};\u00a0{decimal(alto, cifras)}]"
    return f"{decimal(valor, cifras)}{unidad} {margen}"


def filas_semilla(datos: dict) -> list[str]:
    """Cifras del modelo pequeño."""
    copias, entreno = datos["copias"], datos["entrenamiento"]
    filas = [
        ("Parámetros", entero(datos["parametros"])),
        ("Pesos en disco", f"{decimal(datos['octetos_pesos'] / 1e6, 1)} MB"),
        ("Bits por carácter en texto apartado", decimal(datos["bits_por_caracter"], 3)),
        (
            f"Copia exacta de {copias['n']} textos de {copias['palabras']} palabras",
            f"{decimal(100 * copias['exactas'], 1)} %",
        ),
        (
            f"Tiempo de entrenamiento ({entreno['dispositivo'].upper()}, "
            f"{entreno['nucleos']} núcleos)",
            f"{entreno['segundos'] / 60:.0f} min",
        ),
        # Con guiones que no parten la línea.
        ("Fecha de la medida", datos["fecha"].replace("-", "\u2011")),
    ]
    return ["| medida | valor |", "|---|---:|", *(f"| {a} | {b} |" for a, b in filas)]


def filas_fuentes(datos: dict) -> list[str]:
    """Bits por carácter de cada fuente apartada."""
    filas = ["| fuente | documentos | caracteres | bits por carácter |"]
    filas.append("|---|---:|---:|---:|")
    for nombre, f in sorted(datos["bits_por_caracter_por_fuente"].items()):
        cuentas = f"{entero(f['documentos'])} | {entero(f['caracteres'])}"
        titulo = FUENTES.get(nombre, nombre)
        bits = decimal(f["bits_por_caracter"], 3)
        filas.append(f"| {titulo} | {cuentas} | {bits} |")
    return filas


def filas_conjugador(datos: dict) -> list[str]:
    """En qué no coinciden el conjugador del curso y otros, por patrón."""
    filas = []
    for otro in datos["paquetes"]:
        filas += [
            f"**`{otro['paquete']}`**, {datos['fecha']}: {entero(otro['formas'])} "
            f"formas de {entero(otro['verbos'])} infinitivos. "
            f"{entero(otro['distintas'])} son distintas; sin resolver, "
            f"{entero(otro['sin_veredicto'])}.",
            "",
            "| patrón | vale | formas | ejemplo: el curso ≠ el otro | regla |",
            "|---|---|---:|---|---|",
        ]
        for p in otro["patrones"]:
            caso = f"{p['patrón']} | {p['veredicto']} | {entero(p['formas'])}"
            filas.append(f"| {caso} | {p['ejemplo']} | {p['regla']} |")
        filas.append("")
    return filas


def sin_cifra(fila: dict | None) -> str:
    """Qué decir de un punto que no se midió: por qué, si se sabe."""
    if fila is None or fila["estado"] == "omitido":
        return "sin medir"
    if fila["estado"] == "sin medir":
        return f"sin medir: {fila['detalle']}"
    return fila["estado"]


def encabezado_gpu(datos: dict) -> str:
    """La tarjeta, el controlador, las versiones y la fecha de una medida."""
    tarjeta, versiones = datos["tarjeta"], datos["versiones"]
    dichas = ", ".join(f"{p} {v}" for p, v in versiones.items() if v)
    return (
        f"**{tarjeta['nombre']}**, {decimal(tarjeta['memoria_bytes'] / 2**30, 1)} GiB, "
        f"controlador {tarjeta['controlador']}, {datos['fecha'][:10]}; {dichas}."
    )


def medidas_gpu(fila: dict | None, *claves: str) -> str:
    """Las casillas de una fila o, en la primera, por qué no se midió."""
    if fila is None or fila["estado"] != "medido":
        return " | ".join([sin_cifra(fila)] + [""] * (len(claves) - 1))
    formas = {
        "pico_asignado_bytes": lambda v: decimal(v / 2**30, 2),
        "pico_reservado_bytes": lambda v: decimal(v / 2**30, 2),
        "segundos_por_paso": lambda v: decimal(v, 2),
        "tokens_por_segundo": entero,
    }
    valores = [(formas[c], fila[c]) for c in claves]
    return " | ".join("" if v is None else forma(v) for forma, v in valores)


def filas_gpu(datos: dict) -> list[str]:
    """Memoria y velocidad en una tarjeta: tamaños publicados, ritmo, 70B y métodos."""
    filas = {f["punto"]: f for f in datos["filas"]}
    todos = [*filas, *datos["pendientes"]]

    def los_de(comienzo: str) -> list[tuple[str, dict | None]]:
        nombres = sorted(n for n in todos if n.startswith(comienzo))
        return [(n.removeprefix(comienzo), filas.get(n)) for n in nombres]

    lineas = [
        encabezado_gpu(datos),
        "",
        "QLoRA de rango 32 con una fila de 1024 tokens por paso y las reglas de una "
        "T4: fp16, sin atención flash y con su memoria.",
        "",
        "| tamaño | pico asignado (GiB) | pico reservado (GiB) | segundos por paso "
        "| publicado en una T4 (GB) |",
        "|---|---:|---:|---:|---|",
    ]
    claves = "pico_asignado_bytes", "pico_reservado_bytes", "segundos_por_paso"
    for nombre, f in los_de("publicado-"):
        publicadas = (f or {}).get("publicado", {})
        ajenas = ", ".join(
            f"{quien} {decimal(v, 1)}" for quien, v in publicadas.items()
        )
        lineas.append(f"| {nombre} | {medidas_gpu(f, *claves)} | {ajenas} |")
    lineas += [
        "",
        "Con filas de largos distintos, de a ocho; al empaquetar, ocho bloques de 512 "
        f"tokens. La forma es la del modelo principal de `t4`, en "
        f"{datos['ajustes']['precision']}.",
        "",
        "| con qué | tokens por segundo | pico asignado (GiB) |",
        "|---|---:|---:|",
    ]
    for nombre, f in los_de("ritmo-"):
        titulo = RITMOS.get(nombre, nombre)
        casillas = medidas_gpu(f, "tokens_por_segundo", claves[0])
        lineas.append(f"| {titulo} | {casillas} |")
    lineas += [
        "",
        "Un paso de 512 tokens con 70 mil millones de parámetros en NF4:",
        "",
        "| pico asignado (GiB) | segundos por paso |",
        "|---:|---:|",
        f"| {medidas_gpu(filas.get('setenta'), claves[0], claves[2])} |",
        "",
        f"Un bucle sin TRL: secuencias de {datos['ajustes']['largo']} tokens, "
        f"{datos['ajustes']['lote']} por paso, en {datos['ajustes']['precision']}.",
        "",
        "| modelo | método | pico de memoria (GiB) | tokens por segundo |",
        "|---|---|---:|---:|",
    ]
    for nombre, f in los_de("metodo-"):
        modelo, _, metodo = nombre.rpartition("-")
        casillas = medidas_gpu(f, claves[0], "tokens_por_segundo")
        lineas.append(f"| {modelo} | {METODOS[metodo]} | {casillas} |")
    return lineas


RITMOS = {
    "trl": "TRL",
    "trl-empaquetado": "TRL, empaquetado",
    "liger": "TRL con Liger",
    "liger-empaquetado": "TRL con Liger, empaquetado",
    "unsloth": "Unsloth",
}
LECCIONES = {
    "leccion-t4-semilla": "`semilla`, reglas de una T4",
    "leccion-t4": "forma del modelo principal de `t4`, reglas de una T4",
    "leccion-grande": "forma del modelo principal de `grande`",
}


def filas_cuadernos(datos: dict) -> list[str]:
    """Segundos y memoria de cada cuaderno en su última ejecución guardada."""
    filas = [
        "| cuaderno | procesador (s) | reloj (s) | hilos | memoria (GB) |",
        "|---|---:|---:|---:|---:|",
    ]
    for nombre, f in sorted(datos["cuadernos"].items()):
        filas.append(
            f"| {nombre} | {f['cpu_s']:.0f} | {f['segundos']:.0f} | {f['hilos']} "
            f"| {decimal(f['memoria_gb'], 2)} |"
        )
    return filas


def filas_hilos(datos: dict) -> list[str]:
    """Qué tarda cada ajuste de hilos, con la máquina libre y con vecinos."""
    vecinos = max(f["vecinos"] for f in datos["filas"])
    filas = [
        f"{datos['nucleos']} núcleos, {datos['fecha']}. Segundos por paso de LoRA "
        "(16 × 48 tokens) y por respuesta de 40 tokens.",
        "",
        "| ajuste | libre, paso | libre, respuesta "
        f"| con {vecinos} vecinos, paso | con {vecinos} vecinos, respuesta |",
        "|---|---:|---:|---:|---:|",
    ]
    por_ajuste: dict[str, dict[int, dict]] = {}
    for f in datos["filas"]:
        por_ajuste.setdefault(f["ajuste"], {})[f["vecinos"]] = f
    for ajuste, suyas in por_ajuste.items():
        celdas = [
            decimal(suyas[v][medida], 2)
            for v in (0, vecinos)
            for medida in ("paso_s", "respuesta_s")
        ]
        filas.append(f"| {ajuste} | {' | '.join(celdas)} |")
    return filas


def filas_qlora(datos: dict) -> list[str]:
    """Acierto exacto de la lección 10, por repetición, con intervalos del 95 %."""

    def celda(medida: dict) -> str:
        exacto, bajo, alto = (100 * medida[k] for k in ("exacto", "bajo", "alto"))
        return con_margen(exacto, bajo, alto, 1, " %")

    primera = datos["repeticiones"][0]
    azares = [str(r["semilla"]) for r in datos["repeticiones"]]
    filas = [
        f"Acierto exacto e intervalo del 95 %, {datos['fecha']}. Antes, en "
        f"{primera['antes']['n']} oraciones de validación: {celda(primera['antes'])}. "
        f"Copiar acierta {celda(primera['copia'])}.",
        "",
        f"| qué se mide | n | azar {' | azar '.join(azares)} |",
        "|---|---:|" + "---:|" * len(azares),
    ]
    for parte in primera:
        if parte in ("semilla", "copia", "antes"):
            continue
        celdas = " | ".join(celda(r[parte]) for r in datos["repeticiones"])
        filas.append(f"| {PARTES[parte]} | {primera[parte]['n']} | {celdas} |")
    return filas


def filas_estudio_qlora(datos: dict) -> list[str]:
    """Acierto exacto de cada ajuste del estudio de la lección 10."""
    repeticiones = len({m["azar"] for m in datos["medidas"]})
    filas = [
        f"{datos['pasos']} pasos de {datos['lote']} ejemplos, {repeticiones} semilla"
        f"{'s' * (repeticiones > 1)} del azar, {datos['n']} oraciones de validación "
        f"en cada una, {datos['fecha']}. "
        "Cada fila cambia una sola cosa; el intervalo, del 95 %, junta las semillas.",
        "",
        "| qué cambia | valor | acierto por semilla | juntas |",
        "|---|---|---|---:|",
    ]
    for r in datos["resumen"]:
        cada = "; ".join(f"{decimal(100 * a / datos['n'], 1)} %" for a in r["aciertos"])
        p, bajo, alto = (100 * r[k] for k in ("exacto", "bajo", "alto"))
        valor = str(r["valor"]).replace(".", ",")
        juntas = con_margen(p, bajo, alto, 1, " %")
        filas.append(f"| {r['grupo']} | {valor} | {cada} | {juntas} |")
    return filas


def filas_qlora_gpu(datos: dict) -> list[str]:
    """La lección 10 en una tarjeta: aciertos, velocidad y memoria."""
    filas = {f["punto"]: f for f in datos["filas"]}
    lineas = [
        encabezado_gpu(datos),
        "",
        "| qué corre | pasos | lote | pico asignado (GiB) | segundos por paso "
        "| tokens por segundo | aciertos en la prueba |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    claves = "pico_asignado_bytes", "segundos_por_paso", "tokens_por_segundo"
    for nombre, titulo in LECCIONES.items():
        f, pasos, bien = filas.get(nombre), " | ", ""
        if f and f["estado"] == "medido":
            pasos = f"{f['pasos']} | {f['lote']} × {f['acumulacion']}"
            if "aciertos" in f:
                p = f["aciertos"]["prueba"]
                exacto, bajo, alto = (decimal(100 * p[k], 1) for k in CON_INTERVALO)
                bien = f"{exacto} % [{bajo}, {alto}]"
        lineas.append(f"| {titulo} | {pasos} | {medidas_gpu(f, *claves)} | {bien} |")
    return lineas


CON_INTERVALO = ("exacto", "bajo", "alto")


PARTES = {
    "validacion": "validación",
    "prueba": "verbos que el ajuste no vio",
    "prueba, vos": "verbos que el ajuste no vio, tú → vos",
    "prueba, usted": "verbos que el ajuste no vio, tú → usted",
    "nunca_leidos": "verbos nunca leídos",
    "nunca_leidos, vos": "verbos nunca leídos, tú → vos",
    "nunca_leidos, usted": "verbos nunca leídos, tú → usted",
    "libres, vos": "oraciones libres, tú → vos",
    "libres, usted": "oraciones libres, tú → usted",
    "libres_validacion, vos": "libres de validación, tú → vos",
    "libres_validacion, usted": "libres de validación, tú → usted",
    "marcos_nuevos": "marcos nuevos",
    "todo_nuevo": "verbos y marcos nuevos",
    "supletivos": "ser, ir, haber como verbo principal",
    "copiar": "copiar la oración",
    "espejo_voseo": "voseo, en espejo",
    "espejo_tuteo": "tuteo, en espejo",
    "espejo_ustedeo": "ustedeo, en espejo",
    "espejo_imperativo": "imperativo, en espejo",
    "vos_tu": "vos o tú",
    "habian": "habían",
    "lexico": "léxico",
    "leismo": "leísmo",
    "numero": "número",
    "genero": "género",
    "novela_xix": "novela del siglo XIX",
    "libro_de_texto": "libro de texto",
    "conversacion": "conversación",
    "portugues_trato": "trato, en portugués",
    "portugues_concordancia": "concordancia, en portugués",
    "ustedes_vosotros": "ustedes y vosotros",
}


def filas_evaluacion(datos: dict) -> list[str]:
    """Todas las medidas de un modelo, antes y después del ajuste si lo hubo."""

    def celda(medida: dict) -> str:
        return con_margen(medida["valor"], medida["bajo"], medida["alto"], 3)

    def nombre(parte: str) -> str:
        primera, *resto = parte.split(" · ")
        return ", ".join([PARTES.get(primera, primera), *resto])

    columnas = ["antes", "después"] if "despues" in datos["filas"][0] else ["valor"]
    filas = [
        f"**{datos['modelo']}**, en {datos['precision']}, {datos['fecha']}.",
        "",
        f"| conjunto: qué | {' | '.join(columnas)} | n | medida |",
        "|---|" + "---:|" * len(columnas) + "---:|---|",
    ]
    for f in datos["filas"]:
        valores = [celda(f)] + ([celda(f["despues"])] if "despues" in f else [])
        conjunto = f["conjunto"].replace("_", " ")
        filas.append(
            f"| {conjunto}: {nombre(f['parte'])} | {' | '.join(valores)} "
            f"| {f['n']} | {f['medida']} |"
        )
    return filas


def en_tramos(piezas: list[str]) -> str:
    """Los nombres y, después, los números en orden, con los seguidos juntos."""
    numeros = sorted(int(pieza) for pieza in piezas if pieza.isdecimal())
    tramos: list[list[int]] = []
    for numero in numeros:
        if tramos and numero == tramos[-1][-1] + 1:
            tramos[-1].append(numero)
        else:
            tramos.append([numero])
    dichos = [pieza for pieza in piezas if not pieza.isdecimal()]
    dichos = ["pruebas rápidas" if d == "rapidas" else d for d in dichos]
    for tramo in tramos:
        if len(tramo) > 2:
            dichos.append(f"{tramo[0]:02} a {tramo[-1]:02}")
        else:
            dichos += [f"{numero:02}" for numero in tramo]
    return ", ".join(dichos)


def filas_probado(datos: dict) -> list[str]:
    """Una fila por combinación de versiones: qué se corrió y si pasó."""
    bibliotecas = ("torch", "transformers", "trl", "peft", "bitsandbytes", "datasets")
    lineas = [
        "| combinación | Python | versiones | qué pasó | fecha |",
        "|---|---|---|---|---|",
    ]
    for clave, ficha in datos["combinaciones"].items():
        versiones = ficha.get("versiones", {})
        if "omitida" in ficha:
            dicho = f"sin probar: {ficha['omitida']}"
        else:
            piezas = ficha["piezas"].items()
            bien = [n for n, como in piezas if como["pasa"]]
            mal = [f"falla {n}: {como['causa']}" for n, como in piezas if n not in bien]
            dicho = "; ".join([f"pasa {en_tramos(bien)}"] * bool(bien) + mal)
            dicho += f" ({ficha['nota']})" if "nota" in ficha else ""
        suyas = ", ".join(f"{n} {versiones[n]}" for n in bibliotecas if n in versiones)
        lineas.append(
            f"| {clave} | {ficha.get('python', '')} | {suyas} "
            f"| {dicho.replace('|', '/')} | {ficha['fecha']} |"
        )
    return lineas


def filas_colab(datos: dict) -> list[str]:
    """La tabla de lo probado y, debajo, cuánto tardó cada primera celda y qué dijo."""
    lineas = filas_probado(datos)
    for ficha in datos["combinaciones"].values():
        for clave, celda in ficha.items():
            if clave.startswith("primera_celda"):
                extra = clave.removeprefix("primera_celda").strip("_")
                cual = (
                    f"La primera celda, con `{extra}`," if extra else "La primera celda"
                )
                dijo = " ".join(celda["dijo"])
                lineas += [
                    "",
                    f"{cual} tardó {decimal(celda['segundos'], 0)} s: «{dijo}»",
                ]
    return lineas


def filas_ensayo(datos: dict) -> list[str]:
    """La celda que más memoria pediría de cada cuaderno, y de qué se compone."""
    clases = "16 bits", "32 bits", "4 bits", "gradientes", "optimizador", "logits"
    titulos = [*clases[:5], "activaciones y logits"]

    def gigas(octetos: float) -> str:
        return decimal(octetos / 2**30, 2)

    filas = [
        f"Perfil `{datos['perfil']}`, {datos['fecha']}. GiB **predichos**, no medidos; "
        f"el tope es {gigas(datos['tope'])}.",
        "",
        f"| cuaderno | celda del pico | qué hace | pico | {' | '.join(titulos)} |",
        "|---|---|---|---:|" + "---:|" * len(titulos),
    ]
    for f in datos["filas"]:
        partes = " | ".join(gigas(f["partes"].get(clase, 0)) for clase in clases)
        suya = f"`{f['celda']}` | {f['motivo']} | {gigas(f['octetos'])}"
        filas.append(f"| {f['cuaderno']} | {suya} | {partes} |")
    return filas


def filas_despliegue(datos: dict) -> list[str]:
    """Tamaño y calidad de cada versión desplegable de la lección 13."""
    cuantos, motores = datos["n"], datos["motores"]
    dichos = ", ".join(f"{m} {v}" for m, v in motores.items())
    filas = [
        f"{datos['fecha']}; {dichos}. {cuantos['tratamientos']} oraciones de prueba, "
        f"{cuantos['variedades']} pares `agramatical` y {cuantos['bits']} textos.",
        "",
        "| versión | motor | MB | tratamientos (%) | variedades (%) "
        "| bits por carácter |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for m in datos["medidas"]:
        partes = [decimal(m["mb"], 1)]
        partes += [decimal(100 * m[c], 1) for c in ("tratamientos", "variedades")]
        casillas = " | ".join([*partes, decimal(m["bits"], 3)])
        filas.append(f"| {m['version']} | {m['motor']} | {casillas} |")
    return filas


def filas_velocidad(datos: dict) -> list[str]:
    """Tokens por segundo de cada versión: la mediana de las repeticiones."""
    veces = len({m["azar"] for m in datos["medidas"]})
    filas = [
        f"{datos['fecha']}; {datos['nucleos']} núcleos, {datos['hilos']} hilos; "
        f"mediana de {veces}. Se leen {datos['prompt']} tokens y se escriben "
        f"{datos['tope']}.",
        "",
        f"| versión | escribe, una petición | escribe, {datos['a_la_vez']} a la vez "
        "| lee |",
        "|---|---:|---:|---:|",
    ]
    for m in datos["resumen"]:
        ritmos = " | ".join(entero(m[c]) for c in ("sola", "ocho", "lee"))
        filas.append(f"| {m['version']} | {ritmos} |")
    return filas


RASGOS = {
    "clitico": "*te* como complemento: *te llamo*",
    "enclitico": "pronombre pegado al verbo: *llámame*",
    "reflexivo": "verbo pronominal: *te acuerdas*",
}


def filas_libres(datos: dict) -> list[str]:
    """Aciertos en oraciones libres mientras se entrena, y por lo que traen al final."""
    n, (medida,) = datos["n"], datos["medidas"]
    filas = ["| paso | a vos | a usted |", "|---:|---:|---:|"]
    for punto in medida["curva"]:
        partes = (f"{decimal(100 * punto[a] / n, 1)} %" for a in ("vos", "usted"))
        filas.append(f"| {punto['paso']} | {' | '.join(partes)} |")
    filas += ["", "| lo que trae la oración | aciertos | de |", "|---|---:|---:|"]
    rasgos = sorted(medida["rasgos"].items(), key=lambda r: r[1][0] / r[1][1])
    for nombre, (bien, todas) in rasgos:
        parte = f"{decimal(100 * bien / todas, 1)} %"
        titulo = RASGOS.get(nombre, nombre.replace("_", " "))
        filas.append(f"| {titulo} | {parte} | {todas} |")
    return filas


def filas_auditoria(datos: dict) -> list[str]:
    """Notas, peso y saltos de cinco clases de página; faltas de axe y de epubcheck."""
    velocidad = {f["pagina"]: f for f in datos["velocidad"]}
    usados = ", ".join(f"{p} {v}" for p, v in datos["versiones"].items() if v)
    filas = [
        f"{datos['fecha']}; {usados}.",
        "",
        "| página | rendimiento | accesibilidad, prácticas y buscadores | bloqueo (ms) "
        "| kB al abrir | kB entera | salto del texto |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for f in datos["peso"]:
        notas, bloqueo = ["sin medir"] * 2, "sin medir"
        if v := velocidad.get(f["pagina"]):
            bajo, alto = v["rendimiento_entre"]
            otras = (v[c] for c in ("accesibilidad", "practicas", "buscadores"))
            notas = [f"{v['rendimiento']} [{bajo};\u00a0{alto}]"]
            notas.append(" / ".join(str(nota) for nota in otras))
            bloqueo = entero(v["bloqueo_ms"])
        filas.append(
            f"| `{f['pagina']}` | {' | '.join(notas)} | {bloqueo} "
            f"| {entero(f['al_abrir'] / 1000)} | {entero(f['entera'] / 1000)} "
            f"| {decimal(f['salto'], 3)} |"
        )
    axe, epub = datos["axe"], datos["epub"]
    filas += [
        "",
        f"axe: {len(axe['faltas'])} faltas en {axe['recorridos']} recorridos de "
        f"{axe['paginas']} clases de página. epubcheck: {epub['errores']} errores y "
        f"{epub['avisos']} avisos.",
    ]
    if datos["velocidad"] and datos["carga_al_empezar"]:
        antes = decimal(datos["carga_al_empezar"][0], 1)
        despues = decimal(datos["carga_tras_la_velocidad"][1], 1)
        cuando = datos.get("fecha_velocidad", datos["fecha"])
        filas += [
            "",
            f"La velocidad se midió el {cuando}. Carga del equipo, de "
            f"{datos['nucleos']} núcleos: {antes} al empezar y {despues} de "
            "media en los últimos cinco minutos. Con más de 0,5 al empezar, el "
            "rendimiento y el bloqueo miden sobre todo esa carga.",
        ]
    return filas


def filas_laboratorio(datos: dict) -> list[str]:
    """El modelo de la página: peso, velocidad y aciertos."""
    filas = ["| medida | valor |", "|---|---:|"]
    if pesos := datos.get("pesos"):
        con = pesos["base_mb"] + pesos["adaptador_mb"]
        filas.append(f"| Descarga de `semilla` | {decimal(pesos['base_mb'], 1)} MB |")
        filas.append(f"| Con el adaptador | {decimal(con, 1)} MB |")
    if rapidez := datos.get("velocidad"):
        filas.append(
            f"| Tokens por segundo, Chromium {rapidez['chromium'].split('.')[0]}, "
            f"{rapidez['nucleos']} núcleos | "
            f"{decimal(rapidez['tokens_por_segundo'], 0)} |"
        )
    else:
        filas.append("| Tokens por segundo | sin medir |")
    for conjunto, a in datos.get("aciertos", {}).items():
        acierto = con_margen(100 * a["exacto"], 100 * a["bajo"], 100 * a["alto"], 1)
        filas.append(f"| Acierto con adaptador, {conjunto} (%) | {acierto} |")
    return [*filas, f"| Fecha de la medida | {datos['fecha']} |"]


def filas_hub(datos: dict) -> list[str]:
    """Lo que midió el ensayo en un hub: una fila por lección."""
    versiones = ", ".join(f"{p} {v}" for p, v in datos["versiones"].items())
    lineas = [
        f"{datos['nucleos']} núcleos, {decimal(datos['memoria_bytes'] / 1e9, 1)} GB, "
        f"Python {datos['python']}, {versiones}; un hilo por persona.",
        "",
        "| lección | a la vez | servidor listo | servidor ocioso | pico por persona | "
        "CPU por persona | tiempo | fallaron | fecha |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]

    def entre(filas: list[dict], clave: str, divide: float, cifras: int) -> str:
        valores = [f[clave] / divide for f in filas]
        bajo, alto = decimal(min(valores), cifras), decimal(max(valores), cifras)
        return bajo if bajo == alto else f"{bajo}–{alto}"

    for leccion in ("00", "10"):
        fase = datos["fases"].get(leccion)
        if fase is None:
            lineas.append(f"| {leccion} | sin medir | | | | | | | |")
            continue
        gente = fase["estudiantes"]
        fallan = sum(bool(e["fallas"]) for e in gente)
        celdas = [
            leccion,
            str(len(gente)),
            f"{entre(gente, 'servidor_s', 1, 0)} s",
            f"{entre(gente, 'ocioso_bytes', 1e6, 0)} MB",
            f"{entre(gente, 'pico_bytes', 1e9, 2)} GB",
            f"{entre(gente, 'cpu_s', 1, 0)} s",
            f"{entre(gente, 'segundos', 1, 0)} s",
            f"{fallan} de {len(gente)}",
            fase["fecha"].replace("-", "\u2011"),
        ]
        lineas.append(f"| {' | '.join(celdas)} |")
    return lineas


def filas_hub_cuenta(datos: dict) -> list[str]:
    """La máquina que pide cada grupo, según lo medido en el ensayo."""
    from herramientas.sala.hub import cuenta

    una = cuenta.persona(datos)
    if una is None:
        return ["*Sin medir todavía: falta la lección 10.*"]
    lineas = [
        f"Cada persona: {decimal(una.memoria / 1e9, 2)} GB y "
        f"{decimal(una.cpu_s / 60, 1)} minutos de un núcleo en la lección 10. Máquinas "
        f"de {cuenta.NODO[0]} núcleos y {cuenta.NODO[1] // cuenta.GB} GB.",
        "",
        "| personas | a la vez | memoria | núcleos | máquinas | núcleo-horas "
        "| GB-horas |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for personas, parte in cuenta.CASOS:
        c = cuenta.cuenta(una, personas, parte)
        lineas.append(
            f"| {entero(c.personas)} | {entero(c.a_la_vez)} | "
            f"{entero(c.memoria / 1e9)} GB | {entero(c.nucleos)} | {entero(c.nodos)} | "
            f"{entero(c.nucleo_horas)} | {entero(c.gb_horas)} |"
        )
    return lineas


def filas_usb(datos: dict) -> list[str]:
    """Lo que pesa cada parte del paquete para instalar sin red."""

    def megas(octetos: float) -> str:
        return f"{entero(octetos / 1e6)} MB"

    lineas = ["| parte | pesa | instalada | fecha |", "|---|---:|---:|---|"]
    for parte in ("curso", "sitio"):
        if uno := datos.get(parte):
            lineas.append(f"| {parte} | {megas(uno['bytes'])} | | {uno['fecha']} |")
    for uno in datos["destinos"].values():
        lineas.append(
            f"| {uno['ruedas']} bibliotecas, {uno['dicho']}, Python {uno['python']} | "
            f"{megas(uno['bytes'])} | {megas(uno['instaladas_bytes'])} | "
            f"{uno['fecha']} |"
        )
    ensayo = datos.get("ensayo")
    if ensayo is None:
        lineas += ["", "La instalación sin red está sin medir."]
    else:
        hechas = " y ".join(
            f"la {n} ({d['celdas']} celdas, {entero(d['segundos'])} s)"
            for n, d in ensayo["lecciones"].items()
        )
        lineas += [
            "",
            f"Ensayado el {ensayo['fecha']}: se instaló sin red en "
            f"{entero(ensayo['instalar_s'])} s y ahí se ejecutó {hechas}.",
        ]
    return lineas


TABLAS = {
    "semilla": ("semilla.json", filas_semilla),
    "semilla-fuentes": ("semilla.json", filas_fuentes),
    "qlora": ("qlora.json", filas_qlora),
    "evaluacion": ("evaluacion-*.json", filas_evaluacion),
    "conjugador": ("conjugador.json", filas_conjugador),
    "estudio-qlora": ("estudio_qlora.json", filas_estudio_qlora),
    "gpu": ("gpu-*.json", filas_gpu),
    "qlora-gpu": ("gpu-*.json", filas_qlora_gpu),
    "cuadernos": ("cuadernos.json", filas_cuadernos),
    "auditoria": ("auditoria.json", filas_auditoria),
    "hilos": ("hilos.json", filas_hilos),
    "laboratorio": ("laboratorio.json", filas_laboratorio),
    "probado": ("matriz.json", filas_probado),
    "colab": ("colab.json", filas_colab),
    "ensayo": ("ensayo_[tg]*.json", filas_ensayo),
    "hub": ("ensayo_hub.json", filas_hub),
    "hub-cuenta": ("ensayo_hub.json", filas_hub_cuenta),
    "usb": ("usb.json", filas_usb),
    "despliegue": ("estudio_despliegue.json", filas_despliegue),
    "velocidad": ("velocidad_despliegue.json", filas_velocidad),
    "libres": ("estudio_libres.json", filas_libres),
}
