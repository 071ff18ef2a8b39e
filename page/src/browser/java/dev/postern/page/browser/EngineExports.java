package dev.postern.page.browser;

import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Origin;
import dev.postern.meaning.Options;
import dev.postern.page.PageEngine;
import dev.postern.page.PageReading;
import dev.postern.page.PageSource;
import dev.postern.reach.IgnoredKinds;
import dev.postern.service.ServiceProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What the page's script calls: engines by number, each with its own manifests. */
public final class EngineExports {

  private static final List<PageEngine> ENGINES = new ArrayList<>();

  private EngineExports() {}

  /** A source of manifests. */
  public interface SourceObject extends JSObject {
    @JSProperty
    String getName();

    @JSProperty
    String getText();

    @JSProperty
    boolean isFound();
  }

  /** A policy that a live cluster did not show. */
  public interface UnseenObject extends JSObject {
    @JSProperty
    String getApiVersion();

    @JSProperty
    String getKind();

    @JSProperty
    String getSource();
  }

  /** How to read and answer. */
  public interface ReadingObject extends JSObject {
    @JSProperty
    String getObjects();

    @JSProperty
    String getNames();

    @JSProperty
    String getDomain();

    @JSProperty
    boolean isClosed();

    @JSProperty
    String[] getIgnored();

    @JSProperty
    UnseenObject[] getUnseen();

    @JSProperty
    boolean isIpBlockMatchesPods();

    @JSProperty
    boolean isNodeTrafficPasses();

    @JSProperty
    boolean isHostNetworkIsNode();

    /** The name of a {@link Options.MissingAddress}. */
    @JSProperty
    String getMissingAddress();

    @JSProperty
    boolean isKeepsClients();

    @JSProperty
    boolean isShortCutsLoadBalancers();

    @JSProperty
    String[] getNotes();
  }

  public static void main(String[] arguments) {}

  @JSExport
  public static int read(int number, SourceObject[] sources, ReadingObject reading) {
    return keep(number, PageEngine.read(sources(sources), reading(reading)));
  }

  /** Other manifests than those of another engine, which they are compared with. */
  @JSExport
  public static int readBeside(int number, int of, SourceObject[] sources) {
    return keep(number, ENGINES.get(of).beside(sources(sources)));
  }

  private static List<PageSource> sources(SourceObject[] sources) {
    List<PageSource> all = new ArrayList<>();
    for (SourceObject source : sources) {
      all.add(new PageSource(source.getName(), source.getText(), source.isFound()));
    }
    return all;
  }

  private static int keep(int number, PageEngine engine) {
    while (ENGINES.size() <= number) {
      ENGINES.add(null);
    }
    ENGINES.set(number, engine);
    return number;
  }

  /** The manifests of another engine with other texts for some of them. */
  @JSExport
  public static int edit(int number, int of, String[] names, String[] texts) {
    return keep(number, ENGINES.get(of).edited(List.of(names), List.of(texts)));
  }

  /** An edit of one source that changes nothing but how quick the next one is. */
  @JSExport
  public static void rehearse(int number, String name, String text, int turn) {
    ENGINES.get(number).rehearse(name, text, turn);
  }

  @JSExport
  public static String diagnostics(int number) {
    return ENGINES.get(number).diagnostics();
  }

  private static PageReading reading(ReadingObject object) {
    List<UnreadPolicy> unseen = new ArrayList<>();
    for (UnseenObject each : object.getUnseen()) {
      unseen.add(new UnreadPolicy(
          UnreadPolicy.Cause.UNSEEN,
          each.getApiVersion(),
          each.getKind(),
          "",
          "",
          UnreadPolicy.ANY_POD,
          new Origin(each.getSource(), 0, 0, "")));
    }
    return new PageReading(
        object.getObjects(),
        Optional.of(object.getNames()).filter(name -> !name.isEmpty()),
        object.getDomain(),
        object.isClosed(),
        new IgnoredKinds(List.of(object.getIgnored())),
        unseen,
        new Options(
            object.isIpBlockMatchesPods(),
            object.isNodeTrafficPasses(),
            object.isHostNetworkIsNode() ? Options.HostNetwork.NODE : Options.HostNetwork.POD,
            Options.MissingAddress.valueOf(object.getMissingAddress())),
        new ServiceProxy(object.isKeepsClients(), object.isShortCutsLoadBalancers()),
        List.of(object.getNotes()));
  }

  @JSExport
  public static String overview(int number) {
    return ENGINES.get(number).overview();
  }

  @JSExport
  public static String matrix(int number, String from, String to, String port) {
    return ENGINES.get(number).matrix(from, to, port);
  }

  @JSExport
  public static String findings(int number) {
    return ENGINES.get(number).findings();
  }

  @JSExport
  public static String ask(int number, String question) {
    return ENGINES.get(number).ask(question);
  }

  @JSExport
  public static String decided(int number, String question) {
    return ENGINES.get(number).decided(question);
  }

  @JSExport
  public static String sentence(String question) {
    return PageEngine.sentence(question);
  }

  @JSExport
  public static String pair(int number, int source, int destination) {
    return ENGINES.get(number).pair(source, destination);
  }

  @JSExport
  public static String difference(int before, int after, String oldName, String newName) {
    return ENGINES.get(before).difference(ENGINES.get(after), oldName, newName);
  }
}
