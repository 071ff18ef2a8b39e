module com.example.modular {
  requires dev.postern.analysis;
  requires dev.postern.policy.model;
}
