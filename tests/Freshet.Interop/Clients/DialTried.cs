namespace Freshet.Interop.Clients;

/// <summary>A dial of Freshet, in the words of its log.</summary>
/// <param name="IsEncrypted">Whether it began with an encrypted handshake.</param>
/// <param name="Path"><c>Direct</c>, <c>Hole</c> or <c>Proxy</c>.</param>
/// <param name="IsConnected">Whether it succeeded.</param>
public sealed record DialTried(bool IsEncrypted, string Path, bool IsConnected);
