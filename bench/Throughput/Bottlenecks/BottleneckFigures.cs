namespace Freshet.Throughput.Bottlenecks;

/// <summary>What passed a bottleneck within some seconds.</summary>
/// <param name="Udp">The fraction of the line that UDP used, with all headers.</param>
/// <param name="Tcp">The fraction that TCP used.</param>
/// <param name="Queueing">How long packets waited in the queue, at the 98th percentile.</param>
internal readonly record struct BottleneckFigures(double Udp, double Tcp, TimeSpan Queueing)
{
    /// <summary>The part of all that passed which was UDP.</summary>
    public double Share => Udp / Math.Max(Udp + Tcp, double.Epsilon);
}
