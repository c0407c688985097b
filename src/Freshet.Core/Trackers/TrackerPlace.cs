namespace Freshet.Core.Trackers;

/// <summary>Where a host says that it runs a tracker (BEP 34).</summary>
/// <param name="IsUdp">Whether it is a UDP port, or one of TCP, where trackers speak HTTP.</param>
/// <param name="Port">The port, 1 to 65,535.</param>
internal readonly record struct TrackerPlace(bool IsUdp, int Port);
