using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Logging;

namespace Freshet.Daemon.Running;

/// <summary>Looks once a minute whether the certificate's files were renewed, so that nobody has to restart the daemon for it.</summary>
internal sealed class CertificateRenewal(ServedCertificate certificate, Action<string> onRenewed, LogBook log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private string? _trouble;

    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
                Look();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        try
        {
            if (certificate.Renew())
            {
                onRenewed(certificate.Hash);
                log.Add(LogLevelCode.Info, "certificate", "The certificate was renewed.");
            }

            _trouble = null;
        }
        catch (FreshetException e)
        {
            // A renewal may be writing the files: the one that was read before is still served, and they are read again.
            if (_trouble != e.Message)
                log.Add(LogLevelCode.Error, "certificate", $"{e.Message} The one before is still served.");
            _trouble = e.Message;
        }
    }
}
