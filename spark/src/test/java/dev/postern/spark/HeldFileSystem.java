package dev.postern.spark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local file system under {@code held:}, where the first process that opens a file {@code held.csv}, or opens a file {@code held.yaml} again
 * that was read before, writes down its process id and never goes on; once for each folder that has such a file.
 */
public final class HeldFileSystem extends RawLocalFileSystem {

  @Override
  public URI getUri() {
    return URI.create("held:///");
  }

  @Override
  public String getScheme() {
    return "held";
  }

  /** The file that has the process id of who holds a file of a folder. */
  static java.nio.file.Path holder(java.nio.file.Path directory, String folder) {
    return directory.resolve(folder + "-holder");
  }

  @Override
  public FSDataInputStream open(Path path, int size) throws IOException {
    java.nio.file.Path directory = java.nio.file.Path.of(getConf().get("fs.held.directory"));
    String folder = path.getParent().getName();
    boolean again =
        path.getName().equals("held.yaml") && !isFirst(directory.resolve(folder + "-read"));
    if ((again || path.getName().equals("held.csv"))
        && isFirst(directory.resolve(folder + "-first"))) {
      hold(directory, folder);
    }
    return super.open(path, size);
  }

  private static boolean isFirst(java.nio.file.Path mark) throws IOException {
    try {
      Files.createFile(mark);
      return true;
    } catch (FileAlreadyExistsException notFirst) {
      return false;
    }
  }

  private static void hold(java.nio.file.Path directory, String folder) throws IOException {
    java.nio.file.Path written = Files.writeString(
        directory.resolve(folder + "-unfinished"),
        Long.toString(ProcessHandle.current().pid()));
    Files.move(written, holder(directory, folder), StandardCopyOption.ATOMIC_MOVE);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException ended) {
      throw new IOException(ended);
    }
  }
}
