namespace Freshet.Core.Wire.Proxies;

/// <summary>
/// Our side of what is said to a proxy before it opens the way to a target. <see cref="Next"/> says who is to move. It consumes no byte of
/// what follows its own answers, and holds a bounded amount of memory whatever the proxy sends.
/// </summary>
internal abstract class ProxyHandshake
{
    /// <summary>What it waits for.</summary>
    public ProxyStep Next { get; private set; }

    /// <summary>What is to be sent, while that is the next step.</summary>
    public ReadOnlyMemory<byte> Output { get; private set; }

    /// <summary>What went wrong, in words that follow "the proxy"; if it failed.</summary>
    public string? Words { get; private set; }

    /// <summary>Who is at fault; if it failed.</summary>
    public ProxyFailure Failure { get; private set; }

    /// <summary>All of the output was sent.</summary>
    public void OnSent()
    {
        Output = default;
        Next = ProxyStep.Receive;
    }

    /// <summary>Bytes came, while that is the next step.</summary>
    /// <returns>How many of them belong to the handshake. Those after it are the target's, and are to be received again.</returns>
    public abstract int OnReceived(ReadOnlySpan<byte> bytes);

    protected void Send(byte[] bytes)
    {
        Output = bytes;
        Next = ProxyStep.Send;
    }

    protected void Finish() => Next = ProxyStep.Done;

    protected void Fail(ProxyFailure failure, string words)
    {
        Failure = failure;
        Words = words;
        Next = ProxyStep.Failed;
    }
}
