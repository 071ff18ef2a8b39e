package dev.postern.cli.reading;

import dev.postern.cli.console.Console;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.service.ServiceProxy;
import dev.postern.verify.Verifier;
import java.util.List;

/**
 * How answers read what Kubernetes leaves open.
 *
 * @param options what policies mean
 * @param services how Services are served
 * @param notes what a profile set, a sentence each, and what of it the command line overrides
 */
public record Readings(Options options, ServiceProxy services, List<String> notes) {

  public Readings {
    notes = List.copyOf(notes);
  }

  /** Answers about a cluster, read so, which say what a profile set. */
  public Verifier verifier(Cluster cluster) {
    return Verifier.of(cluster, options).withServiceProxy(services).noting(notes);
  }

  /** Says on standard error what a profile set, for answers that hold no notes. */
  public Readings said(Console console) {
    notes.forEach(note -> console.err().println("postern: " + note));
    return this;
  }
}
