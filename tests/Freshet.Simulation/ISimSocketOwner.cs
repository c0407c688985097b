namespace Freshet.Simulation;

/// <summary>What a socket tells who uses it.</summary>
internal interface ISimSocketOwner
{
    /// <summary>Bytes came, cut anywhere.</summary>
    void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>There is room to send again.</summary>
    void OnWritable();

    /// <summary>The other end closed.</summary>
    void OnClosed();
}
