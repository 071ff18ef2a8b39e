package dev.postern.cli.live;

import dev.postern.cluster.UnreadPolicy;
import java.util.List;

/**
 * What a cluster told.
 *
 * @param pages its lists, in the order asked
 * @param unseen the kinds of policies that it serves and did not show, of which there may be any number
 */
public record Listed(List<Page> pages, List<UnreadPolicy> unseen) {

  public Listed {
    pages = List.copyOf(pages);
    unseen = List.copyOf(unseen);
  }
}
