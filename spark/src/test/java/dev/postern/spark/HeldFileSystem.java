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
 * The local file system under {@code held:}, where the first process that opens {@code held.csv} for a task writes down its process id and
 * never goes on.
 */
public final class HeldFileSystem extends RawLocalFileSystem {

  /** The file that has the process id. */
  static final String HOLDER = "holder";

  @Override
  public URI getUri() {
    return URI.create("held:///");
  }

  @Override
  public String getScheme() {
    return "held";
  }

  @Override
  public FSDataInputStream open(Path path, int size) throws IOException {
    if (path.getName().equals("held.csv")) {
      hold(java.nio.file.Path.of(getConf().get("fs.held.directory")));
    }
    return super.open(path, size);
  }

  private static void hold(java.nio.file.Path directory) throws IOException {
    try {
      Files.createFile(directory.resolve("first"));
    } catch (FileAlreadyExistsException notFirst) {
      return;
    }
    java.nio.file.Path written = Files.writeString(
        directory.resolve("unfinished"), Long.toString(ProcessHandle.current().pid()));
    Files.move(written, directory.resolve(HOLDER), StandardCopyOption.ATOMIC_MOVE);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException ended) {
      throw new IOException(ended);
    }
  }
}
