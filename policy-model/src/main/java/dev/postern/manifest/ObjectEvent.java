package dev.postern.manifest;

/** Something that happened to one object of a cluster, as a watch tells it. Immutable. */
public sealed interface ObjectEvent {

  /** The object that it happened to. */
  ObjectName name();

  /**
   * It was added, or updated to what it is now.
   *
   * @param object as it is now
   */
  record Applied(ClusterObject object) implements ObjectEvent {
    @Override
    public ObjectName name() {
      return object.name();
    }
  }

  /**
   * It is gone.
   *
   * @param name what it was called; an object that was never there is gone as well
   */
  record Deleted(ObjectName name) implements ObjectEvent {}
}
