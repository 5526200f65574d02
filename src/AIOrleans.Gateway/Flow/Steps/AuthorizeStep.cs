using AIOrleans.Core.Callers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using AIOrleans.Providers;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 3: is the model known, priced, and allowed to this caller, and is everything above the caller active.</summary>
internal sealed class AuthorizeStep(IPrices prices)
{
    public Denial? Run(Exchange exchange) => CheckCaller(exchange)
        ?? Check(exchange, exchange.Request.Model, provider => ProviderFormats.For(provider, exchange.Request.Format) is not null);

    /// <summary>Is everything above the caller active.</summary>
    public static Denial? CheckCaller(Exchange exchange) => exchange.Caller.Suspended is { } suspended ? new Denial.Suspended(suspended) : null;

    /// <summary>Is this model known, priced, and allowed to the caller. Fills in the model and its prices.</summary>
    /// <param name="isServer">True for providers that serve such calls: one of the model's has to.</param>
    public Denial? Check(Exchange exchange, string alias, Func<ProviderConfig, bool> isServer)
    {
        Caller caller = exchange.Caller;
        if (!exchange.Directory.Models.TryGetValue(alias, out ModelConfig? model))
        {
            return new Denial.ModelNotFound(alias);
        }

        if (!caller.MayUseModel(alias))
        {
            return new Denial.ModelNotAllowed(alias);
        }

        if (!model.Routes.Any(route => exchange.Directory.Providers.TryGetValue(route.Provider, out ProviderConfig? provider)
            && isServer(provider)))
        {
            return Unserved(exchange, alias);
        }

        ModelPrices inForce = prices.Current.PricesOf(model, exchange.StartedAt);
        if (inForce.Unpriced is { } route && !model.AllowUnpriced)
        {
            return new Denial.Unpriced(alias, $"{route.Provider}/{route.Model}");
        }

        exchange.Model = model;
        exchange.Prices = inForce;
        return null;
    }

    /// <summary>The model exists, but no provider of it can be asked in this way, such as for embeddings of a chat model's.</summary>
    private static Denial.Malformed Unserved(Exchange exchange, string alias) => new(
        $"The model '{alias}' cannot be called at {exchange.Http.Request.Path}: no provider that serves it has such calls. Use another model, or another address.",
        "model",
        "unsupported_operation");
}
