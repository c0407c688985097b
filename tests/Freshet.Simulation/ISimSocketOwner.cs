namespace Freshet.Simulation;

/// <summary>Receives the events of a socket.</summary>
internal interface ISimSocketOwner
{
    /// <summary>Bytes were received, cut at any position.</summary>
    void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>There is room to send again.</summary>
    void OnWritable();

    /// <summary>The other end has closed.</summary>
    void OnClosed();
}
