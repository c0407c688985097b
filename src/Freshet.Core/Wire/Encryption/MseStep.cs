namespace Freshet.Core.Wire.Encryption;

/// <summary>What a handshake needs next from its caller.</summary>
internal enum MseStep
{
    /// <summary>Receive bytes into <see cref="MseHandshake.Room"/>, then call <see cref="MseHandshake.OnReceived(int)"/>.</summary>
    Receive,

    /// <summary>Send <see cref="MseHandshake.Output"/>, then call <see cref="MseHandshake.OnSent"/>.</summary>
    Send,

    /// <summary>Call <see cref="MseHandshake.Agree"/>, on a thread that can be blocked for a few milliseconds.</summary>
    Agree,

    /// <summary>Find the torrent that <see cref="MseResponder.Wanted"/> identifies, then call <see cref="MseResponder.OnFound"/>.</summary>
    Find,

    /// <summary>Nothing: the stream continues with the agreed ciphers.</summary>
    Done,

    /// <summary>Nothing: <see cref="MseHandshake.Failure"/> gives the reason.</summary>
    Failed,
}
