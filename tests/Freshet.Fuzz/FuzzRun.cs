using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Freshet.Fuzz;

/// <summary>
/// Fires at one target from a thread of its own, while the caller's thread watches that no input takes too long. What is shared
/// between the two is the input being tried and when it began.
/// </summary>
internal sealed class FuzzRun(IFuzzTarget target, FuzzOptions options)
{
    /// <summary>An input of 64 KiB takes milliseconds; this is far beyond any pause of a busy machine.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(20);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private byte[] _input = [];
    private long _began;
    private long _runs;
    private double _slowestMilliseconds;
    private long _mostAllocated;
    private Exception? _failure;

    /// <summary>Runs until time, iterations or the target's luck run out. True if nothing was found.</summary>
    public bool Execute()
    {
        List<byte[]> pool = Corpus.Load(target, options.Corpus);
        var worker = new Thread(() => Fire(pool)) { IsBackground = true, Name = "fuzz " + target.Name };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
        {
            if (IsHanging())
                return Report(new FuzzException($"is not done after {LongestRun.TotalSeconds} s"));
        }

        if (_failure is not null)
            return Report(_failure);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {_runs:N0} runs in {_clock.Elapsed.TotalSeconds:F1} s ({_runs / _clock.Elapsed.TotalSeconds:N0}/s) of {pool.Count} inputs, "
            + $"slowest {_slowestMilliseconds:F1} ms, most memory {_mostAllocated / 1024:N0} KiB, {(options.Replay ? "replayed" : $"seed {options.Seed}")}"));
        return true;
    }

    private void Fire(List<byte[]> pool)
    {
        using var current = new CurrentInput(options.Output, $"{target.Name}-{Environment.ProcessId}");
        try
        {
            // Twice: what is allocated once in a process is not the input's fault.
            foreach (byte[] input in pool)
                Try(input, current, countAllocations: false);
            foreach (byte[] input in pool)
                Try(input, current, countAllocations: true);
            var mutator = new Mutator(new Random(options.Seed), pool, target);
            while (!options.Replay && _runs < options.Iterations && _clock.Elapsed < options.Time)
                Try(mutator.Next(), current, countAllocations: true);
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    private void Try(byte[] input, CurrentInput current, bool countAllocations)
    {
        current.Set(input);
        lock (_gate)
        {
            _input = input;
            _began = Stopwatch.GetTimestamp();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        target.Run(input);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _runs++;
        _slowestMilliseconds = Math.Max(_slowestMilliseconds, Stopwatch.GetElapsedTime(_began).TotalMilliseconds);
        if (!countAllocations)
            return;
        _mostAllocated = Math.Max(_mostAllocated, allocated);
        FuzzException.Require(
            allocated <= target.AllocationLimit(input.Length),
            $"allocates {allocated:N0} bytes for an input of {input.Length:N0}, more than {target.AllocationLimit(input.Length):N0}");
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
        Console.Error.WriteLine($"{target.Name}: FAILED at run {_runs} with seed {options.Seed}, an input of {input.Length} bytes, written to {path}");
        Console.Error.WriteLine(failure);
        return false;
    }
}
