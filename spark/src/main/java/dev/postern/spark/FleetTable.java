package dev.postern.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * What is said of a fleet.
 *
 * @param rows a row for each thing that is said of a cluster: {@code cluster}, {@code what}, {@code result}, {@code subject}, {@code detail} and
 *     {@code place} ({@code file:line:column}). Every cluster has one row of {@code what = 'cluster'}: {@code read}, {@code errors} (what has an
 *     error is left out of the others) or {@code unreadable}. The others are {@code finding} (severity, code, message), {@code statement}
 *     ({@code holds}, {@code fails}, {@code undecided}, {@code bad}), {@code ingress} and {@code egress} (how far a workload is open and to
 *     whom), {@code difference} ({@code equal}, {@code differ}, {@code undecided}), {@code opened}, {@code closed}, {@code newly isolated},
 *     {@code added} and {@code removed}
 * @param clusters how many clusters there are
 * @param different how many of them hold different things, each of which was looked at once
 * @param documents how many documents were read, of all of them and of yesterday
 */
public record FleetTable(Dataset<Row> rows, long clusters, long different, long documents) {

  /**
   * Writes the rows as Parquet, a folder a cluster, into a folder that is not there yet; Spark's committer puts {@code _SUCCESS} into it when it
   * is whole.
   *
   * @param path where, on any file system that Hadoop knows
   */
  public void write(String path) {
    rows.write().mode(SaveMode.ErrorIfExists).partitionBy("cluster").parquet(path);
  }
}
