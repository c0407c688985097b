using BenchmarkDotNet.Running;
using Freshet.Benchmarks;

if (args is [IdleTorrents.Verb, .. var rest])
    await IdleTorrents.RunAsync(rest);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
