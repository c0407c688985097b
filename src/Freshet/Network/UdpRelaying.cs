using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// Asks a proxy to relay datagrams, one request at a time, with increasing pauses after failures. Belongs to a <see cref="UdpMux"/>, on
/// whose loop it is called.
/// </summary>
/// <param name="proxy">The proxy.</param>
/// <param name="onTrouble">Called with the reason when the proxy stops relaying or refuses.</param>
/// <param name="time">The clock for the time limit of a request.</param>
internal sealed class UdpRelaying(ProxyDialer proxy, Action<string> onTrouble, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(NetworkLimits.RelayTimeoutSeconds);

    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource<string?> _answer = NewAnswer();
    private volatile string? _trouble;
    private bool _isAsking;

    /// <summary>The hosts that datagrams are sent to by their names.</summary>
    public RelayedNames Names { get; } = new();

    /// <summary>Why it relays nothing, in words; null if it does, or was not asked yet. Read from any thread.</summary>
    public string? Trouble => _trouble;

    /// <summary>How long to wait before it is asked again.</summary>
    public TimeSpan Pause { get; private set; } = FirstPause;

    /// <summary>Completes when it has answered: null, or why it relays nothing. While it does not, at once.</summary>
    public Task<string?> Answer => _trouble is { } trouble ? Task.FromResult<string?>(trouble) : _answer.Task;

    /// <summary>Whether it may be asked now, which is then to be done.</summary>
    public bool TryBegin()
    {
        bool mayBegin = !_isAsking;
        _isAsking = true;
        return mayBegin;
    }

    /// <summary>Asks. The one call that need not be on the loop.</summary>
    /// <returns>Null if it does not relay.</returns>
    public async Task<UdpRelay?> AskAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using CancellationTokenSource timeout = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _ending.Token);
        try
        {
            return await proxy.RelayAsync(Names, either.Token).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            OnFailed(e.Message);
        }
        catch (OperationCanceledException)
        {
            OnFailed("the proxy does not answer");
        }

        return null;
    }

    /// <summary>It relays nothing.</summary>
    public void OnFailed(string words)
    {
        string? before = Interlocked.Exchange(ref _trouble, words);
        if (before != words && !_ending.IsCancellationRequested)
            onTrouble(words);
    }

    /// <summary>What was begun is over.</summary>
    public void End(bool isOpen)
    {
        _isAsking = false;
        Pause = isOpen ? FirstPause : Pause * 2 < LongestPause ? Pause * 2 : LongestPause;
        if (isOpen)
            _trouble = null;
        _answer.TrySetResult(_trouble);
        _answer = NewAnswer();
    }

    public void Dispose()
    {
        _ending.Cancel();
        _answer.TrySetResult("the session has ended");
    }

    private static TaskCompletionSource<string?> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
