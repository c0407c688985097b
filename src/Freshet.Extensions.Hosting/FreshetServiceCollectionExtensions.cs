using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freshet.Extensions.Hosting;

/// <summary>Adds a session to a host.</summary>
public static class FreshetServiceCollectionExtensions
{
    /// <summary>
    /// Adds a session that starts and stops with the host. Services get it from <see cref="SessionHost"/>. The session uses the host's
    /// <see cref="ILoggerFactory"/>, <see cref="IMeterFactory"/> and <see cref="TimeProvider"/>, if they are registered.
    /// </summary>
    /// <param name="services">The service collection of the host.</param>
    /// <param name="configure">
    /// Receives the service provider and the default options, and returns the options to use, for example
    /// <c>(_, options) => options with { DownloadFolder = "/data" }</c>. If it is null, the defaults are used.
    /// </param>
    /// <returns>The same service collection, so that calls can be chained.</returns>
    public static IServiceCollection AddFreshet(
        this IServiceCollection services, Func<IServiceProvider, SessionOptions, SessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => new SessionHost(OptionsFor(provider, configure)));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, SessionHost>(provider => provider.GetRequiredService<SessionHost>()));
        return services;
    }

    private static SessionOptions OptionsFor(IServiceProvider provider, Func<IServiceProvider, SessionOptions, SessionOptions>? configure)
    {
        SessionOptions options = new() { MeterFactory = provider.GetService<IMeterFactory>() };
        if (provider.GetService<ILoggerFactory>() is { } logging)
            options = options with { LoggerFactory = logging };
        if (provider.GetService<TimeProvider>() is { } time)
            options = options with { TimeProvider = time };
        return configure is null ? options : configure(provider, options);
    }
}
