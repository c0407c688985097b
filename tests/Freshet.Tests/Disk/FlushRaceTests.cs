using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Disk;

/// <summary>What else may happen to files while a flush runs.</summary>
public sealed class FlushRaceTests : IDisposable
{
    private readonly SimulatedFileSystem _system = new();
    private readonly FileHandles _handles = new(1);
    private readonly FileStorage _storage;

    public FlushRaceTests() => _storage = new FileStorage(
        FileStorageTests.Options("/data", _handles, 1024, FileStorageTests.Files(("t/a", 10), ("t/b", 10))) with { System = _system });

    [Fact]
    public void The_name_of_a_file_that_is_created_during_a_flush_is_durable_after_the_next()
    {
        bool hasFlushed = false;
        _system.Fails = call =>
        {
            if (call is { Operation: FileOperation.Open, Writes: true } && !hasFlushed)
            {
                hasFlushed = true;
                Assert.Null(_storage.Flush());
            }

            return null;
        };
        Assert.Null(Write(0));
        Assert.True(hasFlushed);
        Assert.Null(_storage.Flush());
        SimulatedFileSystem left = _system.Restart(Ending.NothingSurvives, new Random(1));
        Assert.Equal(new byte[10], left.ReadAll("/data/t/a"));
    }

    [Fact]
    public async Task A_flush_fails_if_an_earlier_one_that_closes_a_file_fails()
    {
        using ManualResetEventSlim hasBegun = new();
        using ManualResetEventSlim isNearlyDone = new();
        using ManualResetEventSlim end = new();
        int begun = 0;
        int ended = 0;
        _system.Hang = (IsFirst, end);
        _system.Fails = call =>
            call.Operation == FileOperation.Flush && call.Path == "/data/t/a" && ++ended == 2 ? Errno.InputOutput : null;
        Assert.Null(Write(0));

        // Only one file may be open.
        Task<StorageError?> other = Start(() => Write(10));
        Assert.True(hasBegun.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Task<StorageError?> flush = Start(_storage.Flush);

        // It has every chance to succeed too early.
        Assert.True(isNearlyDone.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        await ((Task)flush).WaitAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        end.Set();
        Assert.Null(await other);
        Assert.Equal(StorageErrorKind.IoError, (await flush)?.Kind);
        Assert.Empty(_storage.TakeFlushed());
        Assert.Null(_storage.Flush());
        Assert.Equal([0, 1], _storage.TakeFlushed().Order());

        bool IsFirst(FileCall call)
        {
            if (call.Operation == FileOperation.FlushFolder)
                isNearlyDone.Set();
            if (call.Operation != FileOperation.Flush || Interlocked.Increment(ref begun) > 1)
                return false;
            hasBegun.Set();
            return true;
        }
    }

    public void Dispose()
    {
        _storage.Dispose();
        _handles.Dispose();
    }

    // On a thread of its own, since it waits.
    private static Task<StorageError?> Start(Func<StorageError?> call) => Task.Factory.StartNew(
        call, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private unsafe StorageError? Write(long offset)
    {
        byte* bytes = stackalloc byte[10];
        new Span<byte>(bytes, 10).Clear();
        return _storage.Write(offset, [new IoBuffer((nint)bytes, 10)]);
    }
}
