namespace Freshet.Daemon.Tests;

/// <summary>Tests that measure how much memory the process holds run while no other test does.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;
