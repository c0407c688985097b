using BenchmarkDotNet.Running;
using Freshet.Benchmarks.Api;
using Freshet.Benchmarks.Curves;
using Freshet.Benchmarks.Rest;
using Freshet.Benchmarks.Trackers;

if (args is [RestoreBench.Verb, .. var rest])
    return await RestoreBench.RunAsync(rest);
if (args is [ApiBench.Verb, .. var asked])
    return await ApiBench.RunAsync(asked);
if (args is [TrackerBench.Verb, .. var load])
    return await TrackerBench.RunAsync(load);
if (args is [UtpCurves.Verb, .. var folder])
    return UtpCurves.Run(folder);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
