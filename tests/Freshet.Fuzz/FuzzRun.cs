using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Freshet.Fuzz.Coverage;

namespace Freshet.Fuzz;

/// <summary>
/// Fuzzes one target on a thread of its own, while the caller's thread watches that no input takes too long. The two threads share
/// only the input that is being tried and the time when it began.
/// </summary>
internal sealed class FuzzRun(IFuzzTarget target, FuzzOptions options)
{
    /// <summary>An input of 64 KiB takes milliseconds; this is far beyond any pause of a busy machine.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(20);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private readonly CoverageMap _coverage = new();
    private readonly List<byte[]> _pool = Corpus.Load(target, options.Corpus);
    private byte[] _input = [];
    private long _began;
    private long _runs;
    private double _slowestMilliseconds;
    private long _mostAllocated;
    private Exception? _failure;

    /// <summary>
    /// Runs until the time or the iterations are used up, or until something is found. Returns true if nothing was found.
    /// </summary>
    public bool Execute()
    {
        int known = _pool.Count;
        var worker = new Thread(Fire) { IsBackground = true, Name = "fuzz " + target.Name };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
        {
            if (IsHanging())
                return Report(new FuzzException($"is not finished after {LongestRun.TotalSeconds} s"));
        }

        if (_failure is null && _coverage.Edges == 0)
            _failure = new FuzzException("the engine counts no edges, so nothing guides the search: it was not instrumented");
        if (_failure is not null)
            return Report(_failure);
        TimeSpan took = _clock.Elapsed;
        string kept = options.Keep is { } folder
            ? string.Create(CultureInfo.InvariantCulture, $", {Corpus.Minimize(target, folder, _pool.Skip(known))} kept") : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {_runs:N0} runs in {took.TotalSeconds:F1} s ({_runs / took.TotalSeconds:N0}/s), {_coverage.Edges:N0} edges, "
            + $"{known} inputs and {_pool.Count - known} that reach more{kept}, slowest {_slowestMilliseconds:F1} ms, "
            + $"most memory {_mostAllocated / 1024:N0} KiB"));
        return true;
    }

    private void Fire()
    {
        using var current = new CurrentInput(options.Output, $"{target.Name}-{Environment.ProcessId}");
        try
        {
            // Run twice: what is allocated once in a process is not the input's fault.
            byte[][] known = [.. _pool];
            foreach (byte[] input in known)
                Try(input, current, countAllocations: false);
            foreach (byte[] input in known)
                Try(input, current, countAllocations: true);
            var mutator = new Mutator(new Random(options.Seed), _pool, target);
            while (!options.Replay && _runs < options.Iterations && _clock.Elapsed < options.Time)
            {
                byte[] input = mutator.Next();
                if (Try(input, current, countAllocations: true))
                    _pool.Add(input);
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    /// <returns>Whether it reached anything that no earlier input did.</returns>
    private bool Try(byte[] input, CurrentInput current, bool countAllocations)
    {
        current.Set(input);
        lock (_gate)
        {
            _input = input;
            _began = Stopwatch.GetTimestamp();
        }

        EdgeCounters.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        target.Run(input);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _runs++;
        _slowestMilliseconds = Math.Max(_slowestMilliseconds, Stopwatch.GetElapsedTime(_began).TotalMilliseconds);
        bool reachesMore = _coverage.Add(EdgeCounters.Last);
        if (countAllocations)
        {
            _mostAllocated = Math.Max(_mostAllocated, allocated);
            FuzzException.Require(
                allocated <= target.AllocationLimit(input.Length),
                $"allocates {allocated:N0} bytes for an input of {input.Length:N0}, more than {target.AllocationLimit(input.Length):N0}");
        }

        return reachesMore;
    }

    private bool IsHanging()
    {
        lock (_gate)
            return _began != 0 && Stopwatch.GetElapsedTime(_began) > LongestRun;
    }

    private bool Report(Exception failure)
    {
        byte[] input;
        lock (_gate)
            input = _input;
        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, $"fuzz-{target.Name}-{Convert.ToHexStringLower(SHA1.HashData(input))[..12]}.bin");
        File.WriteAllBytes(path, input);
        Console.Error.WriteLine(
            $"{target.Name}: FAILED at run {_runs} with seed {options.Seed}, an input of {input.Length} bytes, written to {path}");
        Console.Error.WriteLine(failure);
        return false;
    }
}
