package dev.postern.spark;

import org.apache.spark.sql.SparkSession;

/** One Spark for all tests: two threads, each task tried up to four times. */
final class Session {

  static final SparkSession SPARK = SparkSession.builder()
      .master("local[2,4]")
      .appName("postern tests")
      .config("spark.ui.enabled", "false")
      .config("spark.sql.shuffle.partitions", "2")
      .config("spark.sql.session.timeZone", "UTC")
      .config("spark.driver.bindAddress", "127.0.0.1")
      .config("spark.driver.host", "127.0.0.1")
      .config("spark.sql.warehouse.dir", "target/warehouse")
      .config("spark.hadoop.fs.flaky.impl", FlakyFileSystem.class.getName())
      .config("spark.hadoop.fs.flaky.impl.disable.cache", "true")
      .getOrCreate();

  private Session() {}
}
