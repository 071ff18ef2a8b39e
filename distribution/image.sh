# image DIRECTORY FILE: writes a container image that holds the packaged command and what it links to, and nothing else: neither a shell nor a
# package manager. An OCI layout, and beside it what `docker load` took before it read those. Sourced by ./package, whose names it uses.

# Every library that the runtime and Z3 link to, as the dynamic linker of this machine finds them.
libraries() {
  find "$1/runtime" "$work/z3" -type f \( -name '*.so' -o -path '*/bin/java' \) -exec ldd {} + 2>/dev/null |
    sed -n 's/.* => \(\/[^ ]*\) (.*/\1/p; s/^\t\(\/[^ ]*\) (.*/\1/p' | grep -v -e "^$1" -e "^$work" | sort -u
}

digest() { sha256sum "$1" | cut -d' ' -f1; }

# blob FILE: moves a file among the blobs, and prints its digest.
blob() {
  local name
  name=$(digest "$1")
  mv "$1" "$layout/blobs/sha256/$name"
  printf '%s' "$name"
}

# terms LIBRARY: the licence of a library of this machine, where Debian's packages have it.
terms() {
  local owner
  owner=$(dpkg-query --search "*/$(basename "$1")" 2>/dev/null | sed -n '1s/[:,].*//p') || true
  [ -n "$owner" ] && [ -r "/usr/share/doc/$owner/copyright" ] || return 0
  mkdir -p "$tree$home/share/licenses/$owner"
  cp -L "/usr/share/doc/$owner/copyright" "$tree$home/share/licenses/$owner/"
}

image() {
  local home=/opt/postern tree=$work/image layout=$work/layout library architecture=amd64 tar diff layer size config manifest
  [ "$platform" = linux-x64 ] || architecture=arm64
  mkdir -p "$tree/opt" "$tree/etc" "$tree/work" "$layout/blobs/sha256"
  mkdir -m 1777 "$tree/tmp"
  cp -a "$1" "$tree$home"
  rm -rf "$tree$home/bin" "$tree$home"/lib/*.{jsa,aot} "$tree$home/share/man" "$tree$home/share/completions"
  libraries "$1" | while read -r library; do
    mkdir -p "$tree$(dirname "$library")"
    cp -L "$library" "$tree$library"
    terms "$library"
  done
  echo 'postern:x:65532:65532:postern:/work:/sbin/nologin' >"$tree/etc/passwd"
  echo 'postern:x:65532:' >"$tree/etc/group"
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  # The class archive is made where the directory has the path that it will have.
  local there=${classpath//$here/$home}
  if [ "${POSTERN_CLASS_ARCHIVE:-yes}" != yes ]; then
    :
  elif [ "$(id -u)" -eq 0 ] && (export -f archives say && export root work options release archives there home tree && unshare -m bash -c '
    mount -t tmpfs none /opt && mkdir /opt/postern && mount --bind "$tree$home" /opt/postern &&
      root=/opt/postern archives /opt/postern/lib "$there"') 2>/dev/null; then
    find "$tree$home/lib" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  else
    say "the image has no class archive, which takes root to make: it starts slower"
  fi

  tar=$work/layer.tar
  tar --create --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX --mtime="@$SOURCE_DATE_EPOCH" --format=gnu -C "$tree" \
    --exclude=./tmp . >"$tar"
  tar --append --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu -C "$tree" --file "$tar" ./tmp
  diff=$(digest "$tar")
  gzip "-${level}n" "$tar"
  size=$(stat -c %s "$tar.gz")
  layer=$(blob "$tar.gz")

  local words
  words=$(printf '"%s",' "$home/runtime/bin/java" $options $use "$taken$home/lib/${archives%% *}" -cp "$there" dev.postern.cli.Postern)
  printf '{"architecture":"%s","os":"linux","created":"%s","config":{"User":"65532:65532","WorkingDir":"/work","Env":["LC_ALL=C.UTF-8","PATH=%s/runtime/bin"],"Entrypoint":[%s],"Labels":{"org.opencontainers.image.title":"postern","org.opencontainers.image.version":"%s","org.opencontainers.image.licenses":"Apache-2.0"}},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"%s","created_by":"./package"}]}' \
    "$architecture" "$stamp" "$home" "${words%,}" "$version" "$diff" "$stamp" >"$work/config"
  local configsize
  configsize=$(stat -c %s "$work/config")
  config=$(blob "$work/config")
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%s","size":%s}]}' \
    "$config" "$configsize" "$layer" "$size" >"$work/manifest"
  size=$(stat -c %s "$work/manifest")
  manifest=$(blob "$work/manifest")
  printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"platform":{"architecture":"%s","os":"linux"},"annotations":{"org.opencontainers.image.ref.name":"%s","io.containerd.image.name":"postern:%s"}}]}' \
    "$manifest" "$size" "$architecture" "$version" "$version" >"$layout/index.json"
  printf '[{"Config":"blobs/sha256/%s","RepoTags":["postern:%s"],"Layers":["blobs/sha256/%s"]}]' "$config" "$version" "$layer" >"$layout/manifest.json"
  find "$layout" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  pack -C "$layout" . >"$2"
}
