using BenchmarkDotNet.Running;
using Freshet.Benchmarks.Rest;

if (args is [RestoreBench.Verb, .. var rest])
    return await RestoreBench.RunAsync(rest);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
