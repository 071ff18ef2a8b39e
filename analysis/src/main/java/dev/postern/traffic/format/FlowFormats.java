package dev.postern.traffic.format;

import dev.postern.traffic.FlowFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All formats. A new one is a class of this package and a line here. */
public final class FlowFormats {

  /** Every format that needs no more than its name, in the order in which they are tried on a log. */
  public static final List<FlowFormat> ALL = List.of(
      new HubbleFormat(),
      new GoldmaneFormat(),
      new CalicoFormat(),
      new AntreaFormat(),
      new NetObservFormat(),
      new AzureFormat(),
      new GcpFormat(),
      new IstioJsonFormat(),
      new AntreaLogFormat(),
      new OvnAclFormat(),
      new ConntrackFormat(),
      new AwsFormat(),
      new IstioTextFormat(),
      new CsvFormat(Map.of()));

  private FlowFormats() {}

  /** The format of a name. */
  public static Optional<FlowFormat> named(String name) {
    return ALL.stream().filter(format -> format.name().equals(name)).findFirst();
  }

  /**
   * Text with columns that a user says the meaning of.
   *
   * @param columns for fields of {@link CsvFormat.Field}, how the log's header calls them
   */
  public static FlowFormat csv(Map<CsvFormat.Field, String> columns) {
    return new CsvFormat(columns);
  }
}
