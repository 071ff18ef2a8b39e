/**
 * Traffic of many days and fleets of many clusters on Apache Spark: SQL functions that judge a flow, jobs that read logs as {@code replay}
 * does and judge what they fold to, and one that looks at a table of clusters. Embedded, {@code local[*]} is enough; on a cluster the same
 * jar is submitted.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.spark;

import org.jspecify.annotations.NullMarked;
