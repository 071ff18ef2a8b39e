/**
 * Postern on Apache Spark, for large amounts of traffic and fleets of clusters: SQL functions that judge a flow, jobs that read logs as
 * {@code replay} does and judge the edges, and one that analyses a table of clusters. An embedded {@code local[*]} is sufficient; on a
 * cluster the same jar is submitted.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.spark;

import org.jspecify.annotations.NullMarked;
