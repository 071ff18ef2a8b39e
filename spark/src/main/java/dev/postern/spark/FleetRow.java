package dev.postern.spark;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One thing that is said of a cluster.
 *
 * @param what what sort of thing
 * @param result what came of it, in a word
 * @param subject what it is about
 * @param detail more words
 * @param place {@code file:line:column}, the file below the cluster's manifests; empty where there is none
 */
record FleetRow(What what, String result, String subject, String detail, String place)
    implements Serializable {

  /** Sorts of things that are said. */
  enum What {
    /** The cluster itself: every cluster has one such row. */
    CLUSTER("cluster"),
    FINDING("finding"),
    STATEMENT("statement"),
    /** Who reaches a workload. */
    INGRESS("ingress"),
    /** Whom a workload reaches. */
    EGRESS("egress"),
    /** The comparison with yesterday itself. */
    DIFFERENCE("difference"),
    OPENED("opened"),
    CLOSED("closed"),
    ISOLATED("newly isolated"),
    ADDED("added"),
    REMOVED("removed");

    private final String word;

    What(String word) {
      this.word = word;
    }
  }

  static final StructType SCHEMA = new StructType()
      .add("cluster", DataTypes.StringType)
      .add("what", DataTypes.StringType)
      .add("result", DataTypes.StringType)
      .add("subject", DataTypes.StringType)
      .add("detail", DataTypes.StringType)
      .add("place", DataTypes.StringType);

  static FleetRow of(What what, String result, String subject, String detail) {
    return new FleetRow(what, result, subject, detail, "");
  }

  Row row(String cluster) {
    return RowFactory.create(cluster, what.word, result, subject, detail, place);
  }
}
