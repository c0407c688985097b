using BenchmarkDotNet.Running;
using Freshet.Benchmarks.Rest;
using Freshet.Benchmarks.Trackers;

if (args is [RestoreBench.Verb, .. var rest])
    return await RestoreBench.RunAsync(rest);
if (args is [TrackerBench.Verb, .. var load])
    return await TrackerBench.RunAsync(load);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
