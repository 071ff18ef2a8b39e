package dev.postern.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * What is said of a fleet. Each row says one thing of a cluster in the columns cluster, what, result, subject, detail and place (file:line:column).
 * By what it says:
 *
 * <ul>
 *   <li>cluster, of which every cluster has one: read, errors (objects with an error are left out of the other rows), unreadable, or failed
 *       by an internal error
 *   <li>finding, with its severity, code and message
 *   <li>statement: holds, fails, undecided or bad
 *   <li>ingress and egress: how far a workload is open, and to whom
 *   <li>difference from yesterday: equal, differ or undecided; and opened, closed, newly isolated, added and removed
 * </ul>
 *
 * @param rows the rows
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
