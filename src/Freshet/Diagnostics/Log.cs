using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Extensions;
using Freshet.Core.Wire.Proxies;
using Microsoft.Extensions.Logging;

namespace Freshet.Diagnostics;

/// <summary>All log messages, with stable ids.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {EndPoint}")]
    public static partial void Listening(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(
        7, LogLevel.Information,
        "Through {Proxy} alone go {Uses}")]
    public static partial void Proxied(ILogger logger, ProxyUses uses, ProxyOptions proxy);

    [LoggerMessage(2, LogLevel.Critical, "A bug: an exception escaped {Where}; it goes on without that item")]
    public static partial void EscapedException(ILogger logger, string where, Exception exception);

    [LoggerMessage(8, LogLevel.Critical, "{Count} more exceptions that escaped were not logged: too many came at once")]
    public static partial void FaultsLeftOut(ILogger logger, long count);

    [LoggerMessage(3, LogLevel.Warning, "The heartbeat is {Lateness} late: the machine is overloaded")]
    public static partial void HeartbeatLate(ILogger logger, TimeSpan lateness);

    [LoggerMessage(4, LogLevel.Warning, "{Message}")]
    public static partial void SessionWarning(ILogger logger, string message);

    [LoggerMessage(
        5, LogLevel.Warning,
        "The system allows few file handles: no more than {Connections} connections and {Files} open files. Raise the limit (ulimit -n)")]
    public static partial void HandlesLimited(ILogger logger, int connections, int files);

    [LoggerMessage(
        6, LogLevel.Warning,
        "The session did not end within {Time}: a disk does not answer. What it could not record is checked at the next start")]
    public static partial void StopTimedOut(ILogger logger, TimeSpan time);

    [LoggerMessage(10, LogLevel.Information, "{Torrent}: added, {Size} bytes in {Pieces} pieces")]
    public static partial void TorrentAdded(ILogger logger, string torrent, long size, int pieces);

    [LoggerMessage(11, LogLevel.Information, "{Torrent}: {State}")]
    public static partial void StateChanged(ILogger logger, string torrent, string state);

    [LoggerMessage(16, LogLevel.Information, "{Torrent}: {State}: {Reason}")]
    public static partial void StateChangedFor(ILogger logger, string torrent, string state, string reason);

    [LoggerMessage(12, LogLevel.Information, "{Torrent}: complete after {Took}")]
    public static partial void Completed(ILogger logger, string torrent, TimeSpan took);

    [LoggerMessage(13, LogLevel.Warning, "{Torrent}: {Message}")]
    public static partial void Warning(ILogger logger, string torrent, string message);

    [LoggerMessage(14, LogLevel.Debug, "{Torrent}: checkpoint written, {Pieces} pieces")]
    public static partial void CheckpointWritten(ILogger logger, string torrent, int pieces);

    [LoggerMessage(15, LogLevel.Information, "{Torrent}: metadata received, {Size} bytes in {Pieces} pieces")]
    public static partial void MetadataReceived(ILogger logger, string torrent, long size, int pieces);

    [LoggerMessage(20, LogLevel.Trace, "{Torrent}: piece {Piece} is verified")]
    public static partial void PieceVerified(ILogger logger, string torrent, int piece);

    [LoggerMessage(21, LogLevel.Warning, "{Torrent}: piece {Piece} failed its hash")]
    public static partial void PieceFailed(ILogger logger, string torrent, int piece);

    [LoggerMessage(
        30, LogLevel.Debug,
        "{Torrent}: {Peer} connected, {Client}, outgoing: {IsOutgoing}, transport: {Transport}, encryption: {Encryption}, path: {Path}")]
    public static partial void PeerConnected(
        ILogger logger,
        string torrent,
        IPEndPoint peer,
        string client,
        bool isOutgoing,
        PeerTransport transport,
        PeerEncryption encryption,
        PeerPath path);

    [LoggerMessage(
        34, LogLevel.Debug,
        "dialled {Peer}, transport: {Transport}, encrypted: {IsEncrypted}, path: {Path}, connected: {IsConnected}")]
    public static partial void Dialled(
        ILogger logger, EndPoint peer, PeerTransport transport, bool isEncrypted, PeerPath path, bool isConnected);

    [LoggerMessage(35, LogLevel.Debug, "{Torrent}: ut_holepunch: {Kind} about {Target} sent to {Peer}, error: {Error}")]
    public static partial void HolePunchSent(
        ILogger logger, string torrent, HolePunchKind kind, IPEndPoint target, IPEndPoint peer, HolePunchError error);

    [LoggerMessage(36, LogLevel.Debug, "{Torrent}: ut_holepunch: {Kind} about {Target} heard from {Peer}, error: {Error}")]
    public static partial void HolePunchHeard(
        ILogger logger, string torrent, HolePunchKind kind, IPEndPoint target, IPEndPoint peer, HolePunchError error);

    [LoggerMessage(31, LogLevel.Debug, "{Torrent}: {Peer} disconnected: {Reason}")]
    public static partial void PeerDisconnected(ILogger logger, string torrent, IPEndPoint peer, string reason);

    [LoggerMessage(32, LogLevel.Warning, "{Torrent}: {Peer} is banned: {Reason}")]
    public static partial void PeerBanned(ILogger logger, string torrent, IPEndPoint peer, string reason);

    [LoggerMessage(40, LogLevel.Debug, "{Torrent}: {Tracker} named {Peers} peers")]
    public static partial void Announced(ILogger logger, string torrent, string tracker, int peers);

    [LoggerMessage(41, LogLevel.Information, "{Torrent}: {Tracker}: {Reason}")]
    public static partial void AnnounceFailed(ILogger logger, string torrent, string tracker, string reason);
}
