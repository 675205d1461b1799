# Shared by scripts/tessera and scripts/standalone: finding Java, Maven, Spark and the assembly, and building what is missing.
# shellcheck shell=bash

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# The form of what the scripts say on standard error: text, or json, one object a line, as --log-format asks for.
log_format=text
find_log_format() { # arguments of tessera
  local argument previous=
  for argument; do
    case "$previous $argument" in
      *' --log-format=json' | '--log-format json') log_format=json ;;
    esac
    previous=$argument
  done
}

# What is missing on this machine, in one line.
die() {
  tell ERROR "$*"
  exit 2
}

say() {
  tell INFO "$*"
}

tell() { # level, message
  local message=$2
  if [ "$log_format" = text ]; then
    printf '%s: %s\n' "${0##*/}" "$message" >&2
    return
  fi
  message=${message//\\/\\\\}
  message=${message//\"/\\\"}
  message=${message//[[:cntrl:]]/ }
  printf '{"time":"%s","level":"%s","logger":"scripts/%s","message":"%s"}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "${0##*/}" "$message" >&2
}

# Runs a command while no other launcher runs one on the same lock file (two runs started together build once).
locked() {
  local lock=$1
  shift
  mkdir -p "$(dirname "$lock")"
  (
    if command -v flock >/dev/null; then flock 9; fi
    "$@"
  ) 9>"$lock"
}

# Sets java and java_major. Reads the JDK's release file, since starting Java just to ask costs a tenth of a second.
find_java() {
  local release version=
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || die "Java is missing: JAVA_HOME is $JAVA_HOME, and there is no bin/java in it. Install a JDK 17."
  else
    java=$(command -v java) || die "Java is missing. Install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME."
  fi
  release=$(readlink -f "$java" 2>/dev/null || printf '%s' "$java")
  release=${release%/bin/java}/release
  if [ -r "$release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$release")
  fi
  if [ -z "$version" ]; then
    version=$("$java" -version 2>&1 | sed -n '1s/^[^"]*"\(.*\)".*$/\1/p')
  fi
  java_major=${version%%[!0-9]*}
  [ -n "$java_major" ] || die "cannot tell the version of $java. Set JAVA_HOME to a JDK 17."
  [ "$java_major" -ge 17 ] || die "Java 17 or newer is missing: $java is $version. Install a JDK 17 or set JAVA_HOME."
}

find_maven() {
  local version major minor
  command -v mvn >/dev/null || die "Maven is missing. Install Maven 3.8 or newer (Debian: apt-get install maven)$1."
  version=$(mvn -version 2>/dev/null | sed -n 's/^.*Apache Maven \([0-9][0-9.]*\).*$/\1/p')
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  if [ -z "$version" ] || [ "$major" -lt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -lt 8 ]; }; then
    die "Maven 3.8 or newer is missing: $(command -v mvn) is ${version:-of an unknown version}$1."
  fi
}

# Runs Maven quietly, its output in a file; on failure shows the errors and ends.
maven() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! mvn -B -q -Dstyle.color=never "$@" </dev/null >"$log" 2>&1; then
    { grep -m 6 '^\[ERROR\] .' "$log" || tail -n 12 "$log"; } |
      if [ "$log_format" = text ]; then cat >&2; else while IFS= read -r line; do tell ERROR "$line"; done; fi
    die "the build failed; all of its output is in $log"
  fi
}

# Sets jar to the assembly: TESSERA_JAR, the one of this source tree (built when missing or older than a source), or one that
# lies beside the scripts or above them.
find_jar() {
  local candidate
  if [ -n "${TESSERA_JAR:-}" ]; then
    jar=$TESSERA_JAR
    case $jar in *:/*) return ;; esac # a URL, for a driver that runs elsewhere
    [ -r "$jar" ] || die "cannot read TESSERA_JAR=$jar."
  elif [ -r "$root/pom.xml" ]; then
    jar=$root/target/tessera-$(sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' "$root/pom.xml")-assembly.jar
    if stale; then locked "$root/.spark/build.lock" build; fi
  else
    jar=
    for candidate in "$root"/scripts/tessera-*-assembly.jar "$root"/tessera-*-assembly.jar; do
      if [ -r "$candidate" ]; then jar=$candidate; fi
    done
    [ -n "$jar" ] || die "there is no tessera-VERSION-assembly.jar in $root. Put it there, or set TESSERA_JAR."
  fi
  case $jar in /*) ;; *) jar=$PWD/$jar ;; esac
}

# Directories count too: their time tells that a file went.
stale() {
  [ ! -r "$jar" ] ||
    [ -n "$(find "$root/pom.xml" "$root/.mvn" "$root/build" "$root/src/main" "$root/NOTICE" "$root/conf/log4j2.properties" -newer "$jar" -print 2>/dev/null | head -n 1)" ]
}

build() {
  local log=$root/target/launcher-build.log start=$root/target/launcher-build.start
  stale || return 0
  [ -x "${java%/java}/javac" ] || [ -x "$(readlink -f "$java" 2>/dev/null | sed 's:/java$:/javac:')" ] ||
    die "a Java compiler is missing: $java belongs to a runtime only. Install a JDK 17 or set JAVA_HOME."
  find_maven ""
  say "building ${jar#"$root"/}: about 20 seconds, some minutes where 550 MB of libraries have to be downloaded (log: ${log#"$root"/})"
  mkdir -p "$root/target"
  touch "$start"
  maven "$log" -f "$root/pom.xml" -Dmaven.test.skip=true package
  # A source that is saved during the build is newer than its start.
  touch -r "$start" "$jar"
}

# Sets SPARK_HOME to the embedded Spark and assembles it when it is not there. TESSERA_SPARK_VERSION chooses the version.
embedded_spark() {
  local version=${TESSERA_SPARK_VERSION:-3.5.9}
  case $version in
    3.*)
      SPARK_SCALA_VERSION=2.12
      [ "$java_major" -lt 25 ] || die "a Java from 17 to 24 is missing: Spark $version does not run on $java_major ($java). Set JAVA_HOME to a JDK 17."
      ;;
    *) SPARK_SCALA_VERSION=2.13 ;;
  esac
  SPARK_HOME=$root/.spark/$version
  if [ ! -d "$SPARK_HOME/jars" ]; then locked "$root/.spark/assemble.lock" assemble_spark "$version"; fi
  # Without either, local-cluster hangs for ever.
  export SPARK_HOME SPARK_SCALA_VERSION
}

# Beside and renamed, so that a copy that was interrupted is never taken for a whole one.
assemble_spark() {
  local version=$1 log=$root/.spark/assemble-$1.log beside=$root/.spark/.$1.part
  [ ! -d "$SPARK_HOME/jars" ] || return 0
  find_maven ", or set SPARK_HOME to a Spark of yours"
  say "assembling Spark $version in ${SPARK_HOME#"$root"/} (250 MB of jars, once): about 10 seconds, some minutes where they have to be downloaded (log: ${log#"$root"/})"
  rm -rf "$beside"
  maven "$log" -f "$root/scripts/spark-home.xml" dependency:copy-dependencies \
    "-Dspark.version=$version" "-Dscala.binary=$SPARK_SCALA_VERSION" "-DoutputDirectory=$beside/jars"
  rm -rf "$SPARK_HOME"
  mv "$beside" "$SPARK_HOME"
}

# Sets command to what starts a class of Spark with arguments.
spark_command() {
  if [ -z "$embedded" ]; then
    command=("$SPARK_HOME/bin/spark-class" "$@")
    return
  fi
  # As bin/spark-class does: the launcher prints the command, an empty string first and each argument ended by a NUL. It knows
  # --driver-memory, spark-defaults.conf and the module options of Java 17.
  local argument count
  command=()
  while IFS= read -r -d '' argument; do command+=("$argument"); done < <(
    status=0
    "$java" -Xmx128m -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@" || status=$?
    printf '%d\0' "$status"
  )
  count=${#command[@]}
  if [ "${command[count - 1]}" != 0 ]; then exit "${command[count - 1]}"; fi
  command=("${command[@]:1:count-2}")
  command[0]=${command[0]#$'\n'}
}
