package dev.postern.examples;

import dev.postern.answer.Answer;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.verify.Verifier;
import java.nio.file.Path;

/** Reads a directory of manifests and asks one question about it: {@code AskOneQuestion examples/shop "can shop/cart reach shop/db"}. */
public final class AskOneQuestion {

  private AskOneQuestion() {}

  public static void main(String... arguments) {
    System.out.print(answer(Path.of(arguments[0]), arguments[1]));
  }

  static String answer(Path manifests, String question) {
    Cluster cluster = Manifests.load(manifests).cluster();
    Answer answer = Verifier.of(cluster).ask(question);

    StringBuilder text = new StringBuilder(answer.verdict().word()).append('\n');
    answer.because().forEach(reason -> text.append(reason).append('\n'));
    return text.toString();
  }
}
