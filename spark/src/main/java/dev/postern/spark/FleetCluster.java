package dev.postern.spark;

import java.io.Serializable;

/**
 * A cluster of a fleet, as a table names it; an empty path is none.
 *
 * @param name what the fleet calls it
 * @param manifests a file or a folder of manifests
 * @param yesterday the manifests with which they are compared
 * @param statements a file of statements, or a folder of {@code *.postern} files; where none is named, those beside the manifests count
 */
record FleetCluster(String name, String manifests, String yesterday, String statements)
    implements Serializable {}
