package dev.postern.spark;

import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.TrafficLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What one task reads: a log, or the lines of a long one that begin in a part of it. What is compressed and what is one JSON document is read
 * by one task, however long it is.
 *
 * @param file the log
 * @param from where the part begins, in bytes
 * @param length how many bytes it has; -1 for a whole log
 */
record LogPart(String file, long from, long length) implements Serializable {

  /**
   * The parts of all logs below some paths.
   *
   * @param paths files, folders or patterns; one that is named twice is read once
   * @param most how many bytes a part has at most
   * @throws IOException if one is not there, or cannot be listed
   */
  static List<LogPart> of(List<String> paths, Configuration configuration, long most)
      throws IOException {
    TreeMap<String, Long> files = new TreeMap<>();
    for (String path : paths) {
      Path root = new Path(path);
      FileSystem system = root.getFileSystem(configuration);
      FileStatus[] found = system.globStatus(root);
      if (found == null || found.length == 0) {
        throw new java.io.FileNotFoundException("there is no " + path);
      }
      for (FileStatus each : found) {
        collect(system, each, files);
      }
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there are no files in " + String.join(", ", paths));
    }
    List<LogPart> parts = new ArrayList<>();
    for (var each : files.entrySet()) {
      long size = each.getValue();
      if (size <= most || !hasParts(each.getKey(), configuration)) {
        parts.add(new LogPart(each.getKey(), 0, -1));
        continue;
      }
      for (long from = 0; from < size; from += most) {
        parts.add(new LogPart(each.getKey(), from, Math.min(most, size - from)));
      }
    }
    return parts;
  }

  private static void collect(FileSystem system, FileStatus at, TreeMap<String, Long> files)
      throws IOException {
    if (at.isFile()) {
      files.put(at.getPath().toString(), at.getLen());
      return;
    }
    for (FileStatus child : system.listStatus(at.getPath())) {
      String name = child.getPath().getName();
      // What Spark and Hadoop keep for themselves.
      if (!name.startsWith("_") && !name.startsWith(".")) {
        collect(system, child, files);
      }
    }
  }

  private static boolean hasParts(String file, Configuration configuration) throws IOException {
    Path path = new Path(file);
    try (InputStream bytes = path.getFileSystem(configuration).open(path)) {
      return TrafficLog.hasParts(bytes);
    }
  }

  /** Reads it into a folding. */
  LogSummary read(List<FlowFormat> formats, Configuration configuration, Folding sink) {
    Path path = new Path(file);
    try (FSDataInputStream bytes = path.getFileSystem(configuration).open(path)) {
      if (length < 0) {
        return TrafficLog.read(file, bytes, formats, sink);
      }
      try (FSDataInputStream part = path.getFileSystem(configuration).open(path)) {
        if (from > 0) {
          part.seek(from - 1);
        }
        String name = from == 0 ? file : file + " from byte " + from;
        return TrafficLog.readPart(name, bytes, part, from, length, formats, sink);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(file + ": " + problem.getMessage(), problem);
    }
  }
}
