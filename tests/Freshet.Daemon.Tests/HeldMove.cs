namespace Freshet.Daemon.Tests;

/// <summary>Holds a move of files at its first progress until the test opens it.</summary>
internal sealed class HeldMove : IProgress<MoveProgress>, IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new();

    public Task Reached => _reached.Task;

    public void Report(MoveProgress value)
    {
        _reached.TrySetResult();
        _open.Wait(Patience.Bound, CancellationToken.None);
    }

    public void Open() => _open.Set();

    public void Dispose()
    {
        _open.Set();
        _open.Dispose();
    }
}
